// No data is read: every curve is made from the seed. What is stated is the accuracy on curves of another seed.
#include "train/waves.h"

#include <cstdio>

#include "engine/data/waves.h"
#include "engine/models/architecture.h"
#include "engine/models/waves.h"
#include "train/classifier.h"

namespace trilens {

void train_waves(const WavesOptions& options) {
    need_folder_of(options.out);
    constexpr int64_t validation = 1200, unseen_samples = 6000;
    const auto classes = static_cast<int32_t>(wave_names().size());
    const Waves data(options.samples + validation, options.seed), unseen(unseen_samples, options.seed + 1);
    const Split split{numbers(0, options.samples), numbers(options.samples, validation)};
    Random random(options.seed, uint64_t{1} << 63);
    const Sequential network = make_classifier(parse_architecture(waves_architecture), Shape{1, 1, wave_length}, classes, random);
    train_classifier(network, data, split, options.epochs, options.seed);
    const std::string reached = percent(accuracy(network, unseen, numbers(0, unseen_samples), classes));
    const std::string sum =
        write_classifier(network,
                         {{"command", "train waves --seed " + std::to_string(options.seed) + " --epochs " + std::to_string(options.epochs) +
                                          " --samples " + std::to_string(options.samples)},
                          {"data", "curves of engine/data/waves"},
                          {"accuracy", reached + " % of 6000 curves of another seed"}},
                         options.out);
    std::printf("curves of another seed %s %%  checksum %s\nwrote %s\n", reached.c_str(), sum.c_str(), options.out.c_str());
}

}  // namespace trilens
