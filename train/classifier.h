// What every classifier that ships goes through: a network, a run with the rate along half a cosine, its accuracy, and a file that says how
// it was made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/data/data_set.h"
#include "engine/models/sequence_file.h"
#include "engine/models/transformer_file.h"
#include "engine/nn/sequential.h"
#include "engine/train/trainer.h"

namespace trilens {

// first, first + 1, ..., `count` of them.
std::vector<int32_t> numbers(int64_t first, int64_t count);
std::string percent(double share);  // "99.30"

// Runs all epochs, the rate falling from `first_rate` to almost 0 along half a cosine; prints a line an epoch, and what `more_to_tell` says
// then.
void run_along_cosine(Trainer& trainer, int64_t epochs, float first_rate, const std::function<std::string()>& more_to_tell = nullptr);

// Trains `network` with Adam and batches of 64; prints a line an epoch. The same bits for any number of threads.
void train_classifier(const Sequential& network, const DataSet& data, const Split& split, int64_t epochs, uint64_t seed);

double accuracy(const Sequential& network, const DataSet& data, const std::vector<int32_t>& samples, int32_t classes);

// Writes the weights with the metadata given and their checksum, which is returned. Throws FormatError if it cannot be written.
std::string write_classifier(const Sequential& network, std::map<std::string, std::string> metadata, const std::filesystem::path& file);

// The same for a sequence model (engine/models/sequence_file.h): the checksum is that of the weights as the file has them.
std::string write_sequence(SequenceModel& model, const Vocabulary& vocabulary, std::map<std::string, std::string> metadata,
                           const std::filesystem::path& file);

// The same for a Transformer (engine/models/transformer_file.h).
std::string write_transformer(Transformer& model, const Vocabulary& vocabulary, const Vocabulary& target_vocabulary,
                              std::map<std::string, std::string> metadata, const std::filesystem::path& file);

// Throws FormatError if there is no folder to write the file into: better before an hour of training than after.
void need_folder_of(const std::filesystem::path& file);

}  // namespace trilens
