// Through the layer (curriculum T3, T4, TA): one token's vector followed from its embedding through attention, residual sums, norms and the
// feed-forward network, with every value on the way; each matrix product can be played term by term; and the same for all tokens at once.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "demos/transformer/layer_player.h"
#include "demos/transformer/layer_stages.h"
#include "demos/transformer/layer_strip.h"
#include "demos/transformer/view.h"
#include "demos/widgets/measured_cards.h"
#include "demos/widgets/token_strip.h"

namespace trilens {

class TransformerLayerView : public TransformerView {
public:
    using TransformerView::TransformerView;
    void list_fields(Fields& fields) override;
    float draw(Stage& stage, Rect area) override;
    bool advance(int64_t terms) override;  // the product that is open
    nlohmann::json state() const override;
    void restore(const nlohmann::json& state) override;

    // The product that is played: the node that it makes ("transformer.encoder.0.q"); empty: none is open, or the layer has it not.
    std::string product_node() const;
    std::optional<ProductSum> product() const;  // the element that the player is at
    const SumPlayer& player() const { return player_; }
    bool all_tokens() const { return tokens_ == Tokens::all; }

private:
    using Where = TransformerLook::Where;
    enum class Tokens { one, all };
    static constexpr size_t product_count = 9;  // with none
    static const char* const product_ids[product_count];
    static const char* const product_taps[product_count];

    // What a frame is about: set by draw().
    struct Scene {
        std::shared_ptr<const Graph> graph;
        LayerStages stages;
        int64_t token, tokens;
    };
    Where where() const { return bench().stack() == Where::encoder ? Where::encoder : Where::decoder; }
    std::optional<Scene> look() const;
    bool gradients() const { return bench().settings.gradients; }
    const std::string& label_of(int64_t token) const { return bench().queries(where()).labels[static_cast<size_t>(token)]; }
    TokenVectors vectors(const Scene& scene, const StageRow& row) const;
    StripEvent draw_vector(Stage& stage, const std::string& name, const Scene& scene, const StageRow& row, const ColorScale& scale,
                           Rect area, float line, int64_t current = -1);

    float draw_header(Stage& stage, const Scene& scene, Rect area);
    float draw_choices(Stage& stage, Rect area);

    float draw_path(Stage& stage, const Scene& scene, Rect area);  // layer_path.cpp
    float draw_block(Stage& stage, const Scene& scene, const StageBlock& block, Rect area, float& handed_on);
    float draw_row(Stage& stage, const Scene& scene, const StageBlock& block, const StageRow& row, Rect area, float& middle);
    float draw_label(Stage& stage, const Scene& scene, const StageBlock& block, const StageRow& row, Rect area);
    std::string row_label(const StageRow& row) const;
    std::string row_statistic(const Scene& scene, const StageBlock& block, const StageRow& row) const;
    ColorScale scale_for(const Scene& scene, StageRow::Kind kind);
    float greatest(const Scene& scene, StageScale scale);

    float draw_product(Stage& stage, const Scene& scene, Rect area);  // layer_product.cpp
    float draw_open_product(Stage& stage, const Scene& scene, const std::string& node, Rect area);
    float draw_player(Stage& stage, Rect area, int64_t elements);
    float draw_sum(Stage& stage, const ProductSum& sum, const std::string& node, int64_t index, Rect area);
    float draw_matrix(Stage& stage, const Scene& scene, const ProductSum& sum, Rect area);
    float draw_terms(Stage& stage, const ProductSum& sum, Rect area);
    bool has_product(const Scene& scene, size_t product) const;
    void fit_player(const Graph& graph, const std::string& node);

    float draw_norms(Stage& stage, const Scene& scene, Rect area);  // layer_details.cpp
    float draw_norm(Stage& stage, const Scene& scene, const std::string& node, Rect area);
    float draw_feed_forward(Stage& stage, const Scene& scene, Rect area);
    float draw_stream(Stage& stage, const Scene& scene, Rect area);

    // Fields.
    Tokens tokens_ = Tokens::one;
    int product_ = 0;  // of product_ids

    SumPlayer player_;
    std::string scales_of_;  // what greatest_ is of
    float greatest_[5] = {};  // by StageScale, but for weights
    TokenStrip chips_;
    StageStrips strips_;
    std::map<std::string, int64_t> norm_columns_;  // by norm: the number that is spelled out
    MeasuredCards cards_;
};

}  // namespace trilens
