// What the files of models share: the plan's line of names and values, so that a file can be read by eye, and checks of a plan against the
// tensors that are there.
// `file` begins every message: "sequence file", "transformer file". All throw FormatError naming what is wrong.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/data/tokens.h"
#include "engine/io/safetensors.h"

namespace trilens {

// "hidden_size=64 layers=2" -> pairs in this order; a word without a sign has an empty value.
std::vector<std::pair<std::string, std::string>> plan_words(const std::string& line);

// A whole number from 0 to 100,000: more is no network that a page could run.
int64_t plan_number(const std::string& file, const std::string& name, const std::string& value);
// A finite decimal number, as plan_decimal_text writes it: nine digits, which give the same float back.
float plan_decimal(const std::string& file, const std::string& name, const std::string& value);
std::string plan_decimal_text(float value);
// The place of `value` among `names`.
size_t plan_choice(const std::string& file, const std::string& name, const std::string& value, std::span<const char* const> names);
[[noreturn]] void refuse_plan_word(const std::string& file, const std::string& name, const std::string& value);

const std::string& metadata_entry(const std::string& file, const WeightFile& weights, const char* name);

// The vocabulary of metadata entry `name`, as large as the plan says. 0 tokens (a plan for vectors): the vocabulary of the unknown token
// alone.
Vocabulary metadata_vocabulary(const std::string& file, const WeightFile& weights, const char* name, int64_t tokens);

// A plan takes as much memory as it says: what it says is held against the tensors that are there before it is believed. `what`: names of
// the plan.
void need_matrix(const std::string& file, const WeightFile& weights, const std::string& tensor, const char* what, int64_t rows,
                 int64_t columns);
// A layer has at least one tensor.
void need_layers(const std::string& file, const WeightFile& weights, int64_t layers);

}  // namespace trilens
