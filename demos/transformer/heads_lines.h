// HeadsLines: attention as lines from each query (above) to the keys that it looks at (below), a colour for each head, opacity by weight.
// After BertViz (Vig 2019), with the sequence along the shared time axis, so that a long one is scrolled and zoomed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "demos/stage.h"
#include "demos/transformer/heads_reading.h"
#include "demos/widgets/time_axis.h"

namespace trilens {

// One end of a line.
struct LineEnd {
    bool is_key = false;
    int64_t index = 0;
    bool operator==(const LineEnd&) const = default;
};

struct AttentionLine {
    float weight = 0, strength = 0;  // strength: 0 to 1, how opaque it is
    int64_t head = 0, query = 0, key = 0;
};

struct HeadsLinesContent {
    const HeadsReading& reading;
    const std::vector<std::string>&queries, &keys;  // labels
    unsigned heads = 1;  // bit by bit: those that are drawn
    float opaque = 1;  // the weight that is drawn without transparency; 0: the greatest of its query
    uint64_t version = 0;  // another one for other weights
    int64_t followed = -1;  // a query that stays in sight; -1: none
};

struct HeadsLinesEvent {
    std::optional<LineEnd> hovered, clicked;
    float height = 0;  // used
};

class HeadsLines {
public:
    // The most lines drawn at once: the strongest ones.
    static constexpr size_t most_lines = 3000;

    // Registers NAME (the whole), NAME.query:INDEX and NAME.key:INDEX of the tokens in sight, NAME.scroll for a long sequence. With the
    // keyboard: arrows move from token to token and between the two rows, Enter keeps one chosen.
    HeadsLinesEvent draw(Stage& stage, std::string_view name, const HeadsLinesContent& content, Rect area);

    // As of the last frame.
    std::optional<LineEnd> isolated() const { return isolated_; }  // the token whose lines alone are drawn: hovered, else chosen
    size_t lines() const { return lines_.size(); }  // drawn
    size_t left_out() const { return left_out_; }  // too many: the weakest
    void release() { kept_.reset(); }

private:
    void collect(const HeadsLinesContent& content);
    void draw_lines(const HeadsLinesContent& content, Rect between) const;
    void draw_values(const HeadsLinesContent& content, Rect between) const;
    std::optional<LineEnd> end_at(const HeadsLinesContent& content, ImVec2 at, Rect whole) const;
    void take_keys(const HeadsLinesContent& content, HeadsLinesEvent& event);
    int64_t count(const HeadsLinesContent& content, bool keys) const;
    bool in_sight(int64_t step) const { return step >= axis_.first() && step < axis_.last(); }
    float middle(int64_t step) const { return axis_.x(step) + axis_.column() / 2; }

    TimeAxis axis_;
    int64_t fitted_ = -1;  // steps that the axis was made legible for
    LineEnd cursor_;
    bool by_keys_ = false;  // the cursor was moved since the pointer was
    std::optional<LineEnd> kept_, isolated_;
    std::string collected_;  // what lines_ are of
    std::vector<AttentionLine> lines_;
    size_t left_out_ = 0;
};

}  // namespace trilens
