// Lines, CSV with quotes, and the one file inside a zip archive.
#include "train/reviews.h"

#include <zlib.h>

#include <unordered_set>

#include "engine/errors.h"
#include "train/files.h"

namespace trilens {
namespace {

std::string utf8_of_latin1(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) out += c;
        else out += static_cast<char>(0xc0 | (byte >> 6)), out += static_cast<char>(0x80 | (byte & 0x3f));
    }
    return out;
}

std::string text_of(const std::filesystem::path& path) {
    const std::vector<uint8_t> bytes = read_file(path);
    return {bytes.begin(), bytes.end()};
}

uint32_t little_endian(const std::vector<uint8_t>& bytes, size_t at, int count) {
    uint32_t value = 0;
    for (int i = count - 1; i >= 0; --i) value = value << 8 | bytes.at(at + static_cast<size_t>(i));
    return value;
}

// The first file of an archive. APPNOTE.TXT 4.3.7 and 4.3.12: sizes are read from the central directory, since the local header may lack
// them.
std::string unzipped(const std::filesystem::path& path) {
    const std::vector<uint8_t> bytes = read_file(path);
    size_t end = bytes.size() < 22 ? 0 : bytes.size() - 22;
    while (end > 0 && little_endian(bytes, end, 4) != 0x06054b50) --end;
    if (end == 0) throw FormatError(path.string() + " is no zip archive");
    const size_t directory = little_endian(bytes, end + 16, 4), local = little_endian(bytes, directory + 42, 4);
    const uint32_t packed = little_endian(bytes, directory + 20, 4), size = little_endian(bytes, directory + 24, 4);
    const size_t data = local + 30 + little_endian(bytes, local + 26, 2) + little_endian(bytes, local + 28, 2);
    if (data + packed > bytes.size()) throw FormatError(path.string() + " is cut off");
    std::string out(size, '\0');
    z_stream stream{};
    stream.next_in = const_cast<Bytef*>(bytes.data() + data);
    stream.avail_in = packed;
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = size;
    inflateInit2(&stream, -MAX_WBITS);  // raw: the archive has a header of its own
    const int state = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    if (state != Z_STREAM_END) throw FormatError(path.string() + " is damaged");
    return out;
}

// Rows of a CSV file: fields may stand in quotes, "" in them is one quote, and hold line breaks. RFC 4180.
std::vector<std::vector<std::string>> rows_of(const std::string& text) {
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> row(1);
    bool quoted = false;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c != '"') row.back() += c;
            else if (i + 1 < text.size() && text[i + 1] == '"') row.back() += '"', ++i;
            else quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',') {
            row.emplace_back();
        } else if (c == '\n') {
            rows.push_back(std::move(row));
            row.assign(1, "");
        } else if (c != '\r') {
            row.back() += c;
        }
    }
    if (row.size() > 1 || !row[0].empty()) rows.push_back(std::move(row));
    return rows;
}

// Keeps a review unless its text was there before: the same sentence must not be trained on and tested with.
class Collection {
public:
    void add(std::string text, bool positive, const char* source) {
        if (!text.empty() && seen_.insert(text).second) reviews_.push_back({std::move(text), positive, source});
    }
    // Label and text are the last two columns, after one line of names.
    void add_table(const std::string& csv, const char* source) {
        const auto rows = rows_of(csv);
        for (size_t i = 1; i < rows.size(); ++i) {
            const auto& row = rows[i];
            if (row.size() < 2) continue;
            const std::string& label = row[row.size() - 2];
            if (label == "0" || label == "1") add(row.back(), label == "1", source);
        }
    }
    std::vector<Review> take() { return std::move(reviews_); }

private:
    std::unordered_set<std::string> seen_;
    std::vector<Review> reviews_;
};

template <typename Read>
auto or_say_where(Read read, const char* where) {
    try {
        return read();
    } catch (const FormatError& error) {
        throw FormatError(std::string(error.what()) + ".\n" + where);
    }
}

}  // namespace

std::vector<Review> read_english_reviews(const std::filesystem::path& folder) {
    constexpr const char* where =
        "rt-polarity.pos and rt-polarity.neg are the sentence polarity data set 1.0 of Pang and Lee,\n"
        "www.cs.cornell.edu/people/pabo/movie-review-data. Name their folder: train sentiment --data FOLDER";
    Collection all;
    for (const bool positive : {true, false}) {
        const std::string text = or_say_where([&] { return text_of(folder / (positive ? "rt-polarity.pos" : "rt-polarity.neg")); }, where);
        size_t begin = 0;
        while (begin < text.size()) {
            const size_t end = std::min(text.find('\n', begin), text.size());
            all.add(utf8_of_latin1(std::string_view(text).substr(begin, end - begin)), positive, "movies");
            begin = end + 1;
        }
    }
    return all.take();
}

std::vector<Review> read_chinese_reviews(const std::filesystem::path& folder) {
    constexpr const char* where =
        "ChnSentiCorp_htl_all.csv, waimai_10k.csv and online_shopping_10_cats.zip are in the collection ChineseNlpCorpus\n"
        "by SophonPlus. Name their folder: train sentiment --language zh --data FOLDER";
    Collection all;
    all.add_table(or_say_where([&] { return text_of(folder / "ChnSentiCorp_htl_all.csv"); }, where), "hotels");
    all.add_table(or_say_where([&] { return text_of(folder / "waimai_10k.csv"); }, where), "takeaway");
    all.add_table(or_say_where([&] { return unzipped(folder / "online_shopping_10_cats.zip"); }, where), "shopping");
    return all.take();
}

}  // namespace trilens
