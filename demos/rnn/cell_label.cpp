// The order is that of the enumeration.
#include "demos/rnn/cell_label.h"

#include "demos/text/text.h"
#include "demos/widgets/theme.h"

namespace trilens {

CurveLabel cell_label(RnnCell cell) {
    constexpr Text names[] = {Text::rnn_cell_rnn, Text::rnn_cell_gru, Text::rnn_cell_lstm};
    const auto at = static_cast<size_t>(cell);
    return {say(names[at]), theme().color.series[at]};
}

}  // namespace trilens
