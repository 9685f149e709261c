// train sentiment: the classifiers of the RNN room, one a language: is a review for or against?
#pragma once

#include <cstdint>
#include <filesystem>

namespace trilens {

struct SentimentOptions {
    bool chinese = false;
    std::filesystem::path data, out;   // empty: ../shared/data/sentiment-en or -zh, demos/assets/sentiment_en or _zh.safetensors
    uint64_t seed = 1;
    int64_t epochs = 0;                // 0: as many as are good for the language
};

// Trains on 80 % of the reviews, prints a line an epoch with the accuracy on another 10 %, and writes the weights; what is stated is the
// accuracy on the last 10 %, which nothing was chosen by.
void train_sentiment(const SentimentOptions& options);

}  // namespace trilens
