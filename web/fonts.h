// Fonts: no font file is shipped. On the web every glyph is drawn by the browser's own canvas when it is first needed, so every
// script works, crisp at any pixel ratio. The desktop window reads the machine's fonts.
#pragma once

namespace trilens {

// Adds the one font of the user interface to the atlas of the current ImGui context; sizes are in CSS pixels of the em.
void add_fonts();

}  // namespace trilens
