// The colour is that of the cell's row.
#include "demos/rnn/cell_label.h"

#include "demos/text/text.h"
#include "demos/widgets/theme.h"

namespace trilens {

CurveLabel cell_label(RnnCell cell) {
    const auto& colors = theme().color.series;
    return {say(row_of(cell).label), colors[static_cast<size_t>(cell) % std::size(colors)]};
}

}  // namespace trilens
