// train: makes the weights that Trilens ships. One command a network; the same command gives the same bits on any machine.
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>

#include "engine/errors.h"
#include "engine/parallel.h"
#include "train/characters.h"
#include "train/digits.h"
#include "train/sentiment.h"
#include "train/translate.h"
#include "train/vit.h"
#include "train/waves.h"

namespace {

constexpr const char* help =
    "train digits [OPTION...]   the digits network on MNIST\n"
    "train waves [OPTION...]    the waves network on curves made from the seed\n"
    "train sentiment [OPTION..] the sentiment network of one language on reviews\n"
    "train characters [OPTION.] the language model of one language on Shakespeare or Tang poems\n"
    "train translate [OPTION..] the translator from English to Chinese on short pairs\n"
    "train vit [OPTION...]      the vision Transformer on MNIST\n"
    "  trains a network and writes its weights\n"
    "\n"
    "  --data FOLDER   digits, vit: train-images-idx3-ubyte and train-labels-idx1-ubyte, .gz or not\n"
    "                  (default: $TRILENS_MNIST, else ../shared/data/mnist)\n"
    "                  sentiment: the reviews (default: ../shared/data/sentiment-en, -zh)\n"
    "                  characters: the texts (default: ../shared/data/text)\n"
    "                  translate: cmn.txt (default: ../shared/data/translation)\n"
    "  --language L    sentiment, characters: en (default) or zh\n"
    "  --out FILE      default demos/assets/digits.safetensors, waves.safetensors,\n"
    "                  sentiment_en.safetensors, characters_zh.safetensors, ...\n"
    "  --seed N        default 1\n"
    "  --epochs N      default 40, 12, what is good for the language, 40, 12\n"
    "  --samples N     how many to train on; default all 50,000 of MNIST's, 24,000 curves\n"
    "  --threads N     default 1; the weights are the same bits for any number\n"
    "  --help          this text\n";

int64_t number(std::string_view option, const char* text, int64_t low, int64_t high) {
    int64_t value = 0;
    const char* end = text + std::strlen(text);
    const auto [stopped, error] = std::from_chars(text, end, value);
    if (error != std::errc() || stopped != end || value < low || value > high)
        throw trilens::ValueError(std::string(option) + " " + text + ": expected a whole number from " + std::to_string(low) + " to " +
                                  std::to_string(high));
    return value;
}

// What is common to all networks, and the data where there are files.
template <typename Options>
Options parse(int count, char** arguments, [[maybe_unused]] int64_t most_samples) {
    Options options;
    constexpr bool reads_files = requires { options.data; }, speaks = requires { options.chinese; }, counts = requires { options.samples; };
    if constexpr (reads_files)
        if (const char* folder = std::getenv("TRILENS_MNIST"); folder && counts) options.data = folder;
    for (int i = 2; i < count; ++i) {
        const std::string_view option = arguments[i];
        if (i + 1 == count) throw trilens::ValueError(std::string(option) + ": unknown, or its value is missing (train --help)");
        const char* value = arguments[++i];
        if (option == "--out") {
            options.out = value;
        } else if (option == "--seed") {
            options.seed = static_cast<uint64_t>(number(option, value, 0, int64_t{1} << 53));
        } else if (option == "--epochs") {
            options.epochs = number(option, value, 1, 1000);
        } else if (counts && option == "--samples") {
            if constexpr (counts) options.samples = number(option, value, 1, most_samples);
        } else if (speaks && option == "--language") {
            if (std::string_view(value) != "en" && std::string_view(value) != "zh")
                throw trilens::ValueError("--language " + std::string(value) + ": expected en or zh");
            if constexpr (speaks) options.chinese = std::string_view(value) == "zh";
        } else if (option == "--threads") {
            trilens::set_threads(static_cast<int>(number(option, value, 1, 64)));
        } else if (reads_files && option == "--data") {
            if constexpr (reads_files) options.data = value;
        } else {
            throw trilens::ValueError("there is no option " + std::string(option) + " (train --help)");
        }
    }
    return options;
}

}  // namespace

int main(int count, char** arguments) {
    for (int i = 1; i < count; ++i) {
        if (std::string_view(arguments[i]) == "--help") {
            std::fputs(help, stdout);
            return 0;
        }
    }
    const std::string_view network = count < 2 ? "" : arguments[1];
    if (network != "digits" && network != "waves" && network != "sentiment" && network != "characters" && network != "translate" &&
        network != "vit") {
        std::fputs(help, stderr);
        return 2;
    }
    try {
        if (network == "digits") trilens::train_digits(parse<trilens::DigitsOptions>(count, arguments, 50000));
        else if (network == "waves") trilens::train_waves(parse<trilens::WavesOptions>(count, arguments, 1000000));
        else if (network == "characters") trilens::train_characters(parse<trilens::CharactersOptions>(count, arguments, 0));
        else if (network == "translate") trilens::train_translate(parse<trilens::TranslateOptions>(count, arguments, 0));
        else if (network == "vit") trilens::train_vit(parse<trilens::VitOptions>(count, arguments, 50000));
        else trilens::train_sentiment(parse<trilens::SentimentOptions>(count, arguments, 0));
        return 0;
    } catch (const trilens::ValueError& error) {
        std::fprintf(stderr, "train: %s\n", error.what());
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "train: %s\n", error.what());
        return 1;
    }
}
