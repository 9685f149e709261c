// A sentence is one of a few patterns with its words drawn; words that depend on each other are drawn together.
#include "engine/data/cloze.h"

#include <algorithm>
#include <array>
#include <set>

#include "engine/errors.h"
#include "engine/random.h"

namespace trilens {
namespace {

constexpr const char* blank_sign = "_";
constexpr int asked_percent = 15, blanks_percent = 80, other_words_percent = 10;

using Words = std::vector<const char*>;

const char* one_of(const Words& words, Random& random) { return words[random.below(static_cast<uint32_t>(words.size()))]; }

std::string spaced(std::initializer_list<const char*> words) {
    std::string out;
    for (const char* word : words) out += (out.empty() ? "" : " ") + std::string(word);
    return out;
}

// "the keys to the old cabinet are on the table": the verb agrees with the first noun, whatever the second is.
std::string agreement(Random& random) {
    static const std::array<Words, 2> things{
        {{"key", "book", "cup", "picture", "letter", "box"}, {"keys", "books", "cups", "pictures", "letters", "boxes"}}};
    static const std::array<Words, 2> owners{
        {{"cabinet", "house", "room", "teacher", "doctor"}, {"cabinets", "houses", "rooms", "teachers", "doctors"}}};
    static const Words prepositions{"to", "from", "near", "of"}, adjectives{"old", "new", "small", "big"},
        places{"table", "floor", "chair", "bed"};
    const uint32_t number = random.below(2);
    const char* thing = one_of(things[number], random);
    const char* preposition = one_of(prepositions, random);
    const char* adjective = one_of(adjectives, random);
    const char* owner = one_of(owners[random.below(2)], random);
    const char* where = random.below(2) == 0 ? "on" : "under";
    return spaced({"the", thing, preposition, "the", adjective, owner, number == 0 ? "is" : "are", where, "the", one_of(places, random)});
}

// "mary said that she lost her book": pronouns agree with the name.
std::string pronouns(Random& random) {
    static const std::array<Words, 2> names{{{"john", "tom", "peter", "david"}, {"mary", "anna", "lucy", "emma"}}};
    static const Words verbs{"said", "thinks", "knows"}, lost{"lost", "found", "sold", "likes"}, things{"book", "key", "car", "dog", "cup"};
    const uint32_t who = random.below(2);
    const char* name = one_of(names[who], random);
    const char* verb = one_of(verbs, random);
    const char* does = one_of(lost, random);
    return spaced({name, verb, "that", who == 0 ? "he" : "she", does, who == 0 ? "his" : "her", one_of(things, random)});
}

// "the doctor drinks hot tea in the morning": what is done fits what it is done to.
std::string habits(Random& random) {
    struct Habit {
        const char* verb;
        Words objects;
    };
    static const std::vector<Habit> all{{"drinks", {"tea", "coffee", "water", "milk"}},
                                        {"eats", {"bread", "rice", "fish", "soup"}},
                                        {"reads", {"books", "letters", "poems", "stories"}},
                                        {"wears", {"shoes", "gloves", "hats", "coats"}}};
    static const Words people{"doctor", "teacher", "child", "farmer"}, times{"morning", "evening", "summer", "winter"};
    const Habit& habit = all[random.below(static_cast<uint32_t>(all.size()))];
    const char* who = one_of(people, random);
    const char* object = one_of(habit.objects, random);
    return spaced({"the", who, habit.verb, object, "in", "the", one_of(times, random)});
}

// "他买了一本旧书": the measure word belongs to the noun at the end.
std::string measure_words(Random& random) {
    struct Noun {
        const char* measure;
        const char* noun;
    };
    static const std::vector<Noun> nouns{{"本", "书"},   {"本", "词典"}, {"张", "纸"}, {"张", "桌子"}, {"只", "猫"}, {"只", "鸟"},
                                         {"辆", "车"},   {"杯", "茶"},   {"杯", "水"}, {"件", "衣服"}, {"把", "伞"}, {"把", "椅子"},
                                         {"条", "裤子"}, {"条", "鱼"},   {"支", "笔"}, {"头", "牛"}};
    static const Words people{"我", "你", "他", "她", "老师", "医生"}, verbs{"买了", "有", "看见", "要"},
        numbers{"一", "两", "三", "四", "几"}, adjectives{"", "新", "旧", "大", "小"};
    const Noun& noun = nouns[random.below(static_cast<uint32_t>(nouns.size()))];
    std::string out = one_of(people, random);
    out += one_of(verbs, random);
    out += one_of(numbers, random);
    out += noun.measure;
    out += one_of(adjectives, random);
    return out + noun.noun;
}

// "老师在图书馆看书": what is done fits the place.
std::string places(Random& random) {
    static const std::vector<std::pair<const char*, const char*>> all{{"图书馆", "看书"}, {"饭馆", "吃饭"},   {"河里", "游泳"},
                                                                      {"学校", "上课"},   {"商店", "买东西"}, {"家里", "睡觉"}};
    static const Words people{"我", "你", "他", "她", "老师", "学生"}, times{"", "今天", "早上", "晚上"};
    const auto& [place, act] = all[random.below(static_cast<uint32_t>(all.size()))];
    std::string out = one_of(people, random);
    out += one_of(times, random);
    return out + "在" + place + act;
}

// "因为下雨所以他带伞": two halves of a sentence belong together.
std::string reasons(Random& random) {
    static const std::vector<std::pair<const char*, const char*>> all{
        {"下雨", "带伞"}, {"天冷", "穿大衣"}, {"口渴", "喝水"}, {"生病", "看医生"}, {"肚子饿", "吃饭"}};
    static const Words people{"我", "你", "他", "她"};
    const auto& [cause, effect] = all[random.below(static_cast<uint32_t>(all.size()))];
    return "因为" + std::string(cause) + "所以" + one_of(people, random) + effect;
}

std::string drawn(ClozeLanguage language, Random& random) {
    const uint32_t pattern = random.below(3);
    if (language == ClozeLanguage::english) return pattern == 0 ? agreement(random) : pattern == 1 ? pronouns(random) : habits(random);
    return pattern == 0 ? measure_words(random) : pattern == 1 ? places(random) : reasons(random);
}

// What comes in many drawn sentences is all that the grammar has: every word comes in one of 50 sentences or more often.
Vocabulary all_words(ClozeLanguage language) {
    constexpr uint64_t sentences = 2000;
    std::set<std::string> words;
    for (uint64_t stream = 0; stream < sentences; ++stream)
        for (const Token& token : cloze_tokens(language, cloze_sentence(language, 0, stream))) words.insert(token.text);
    std::vector<std::string> tokens{blank_sign};
    tokens.insert(tokens.end(), words.begin(), words.end());
    return Vocabulary(tokens);
}

}  // namespace

const Vocabulary& cloze_vocabulary(ClozeLanguage language) {
    static const Vocabulary english = all_words(ClozeLanguage::english), chinese = all_words(ClozeLanguage::chinese);
    return language == ClozeLanguage::english ? english : chinese;
}

int32_t cloze_blank(ClozeLanguage language) { return cloze_vocabulary(language).number(blank_sign); }

std::vector<Token> cloze_tokens(ClozeLanguage language, std::string_view text) {
    const TokenKind kind = language == ClozeLanguage::english ? TokenKind::english : TokenKind::chinese;
    std::vector<Token> tokens;
    size_t at = 0;
    // Between blanks the tokenizer reads; what it found moves to where it stands in the whole text.
    const auto read = [&](size_t end) {
        for (Token token : tokenize(text.substr(at, end - at), kind)) {
            token.begin += at;
            token.end += at;
            tokens.push_back(std::move(token));
        }
    };
    constexpr std::string_view mask = "[MASK]";
    while (at < text.size()) {
        const size_t found = std::min(text.find(blank_sign, at), text.find(mask, at));
        read(std::min(found, text.size()));
        if (found == std::string_view::npos) break;
        const size_t end = text[found] == '[' ? found + mask.size() : std::min(text.find_first_not_of('_', found), text.size());
        tokens.push_back({blank_sign, found, end});
        at = end;
    }
    return tokens;
}

std::string cloze_sentence(ClozeLanguage language, uint64_t seed, uint64_t stream) {
    Random random(seed, stream);
    return drawn(language, random);
}

ClozeSentences::ClozeSentences(ClozeLanguage language, int64_t samples, uint64_t seed)
    : language_(language), samples_(samples), seed_(seed) {
    if (samples < 1) throw ValueError("cloze sentences: " + std::to_string(samples) + " samples, expected at least 1");
}

Batch ClozeSentences::made(std::span<const int32_t> samples, int64_t pass) const {
    const Vocabulary& vocabulary = cloze_vocabulary(language_);
    std::vector<std::vector<int32_t>> rows, asked;
    size_t longest = 0;
    for (const int32_t sample : samples) {
        if (sample < 0 || sample >= samples_)
            throw ValueError("cloze sentences: sample " + std::to_string(sample) + ", expected 0 to " + std::to_string(samples_ - 1));
        Random random(seed_, (static_cast<uint64_t>(pass) << 32) | static_cast<uint32_t>(sample));
        auto row = vocabulary.numbers(cloze_tokens(language_, drawn(language_, random)));
        std::vector<int32_t> labels(row.size(), -1);
        const auto places = random.permutation(static_cast<int32_t>(row.size()));
        const size_t count = std::max<size_t>(1, (row.size() * asked_percent + 50) / 100);
        for (const int32_t place : std::span(places).first(count)) {
            const auto at = static_cast<size_t>(place);
            labels[at] = row[at];
            const uint32_t lot = random.below(100);
            if (pass == 0 || lot < blanks_percent) row[at] = cloze_blank(language_);
            else if (lot < blanks_percent + other_words_percent)
                row[at] = static_cast<int32_t>(1 + random.below(static_cast<uint32_t>(vocabulary.size() - 1)));
        }
        longest = std::max(longest, row.size());
        rows.push_back(std::move(row));
        asked.push_back(std::move(labels));
    }
    Batch batch{Tensor::full(Shape{static_cast<int64_t>(rows.size()), static_cast<int64_t>(longest)}, -1), {}, {}};
    batch.labels.assign(rows.size() * longest, -1);
    for (size_t i = 0; i < rows.size(); ++i) {
        std::ranges::transform(rows[i], batch.inputs.data() + i * longest, [](int32_t token) { return static_cast<float>(token); });
        std::ranges::copy(asked[i], batch.labels.begin() + static_cast<std::ptrdiff_t>(i * longest));
    }
    return batch;
}

}  // namespace trilens
