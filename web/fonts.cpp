// An ImFontLoader (Dear ImGui 1.92) over CanvasRenderingContext2D.measureText and fillText; natively, stb_truetype over font
// files of the machine. Advances are whole device pixels: text stays as crisp as its bitmaps.
#include "web/fonts.h"

#include <imgui.h>
#include <imgui_internal.h>

#if defined(__EMSCRIPTEN__)

#include <emscripten.h>

#include <cmath>
#include <cstdint>

// clang-format off: JavaScript
// advance, then the ink's box around the origin on the baseline, y down, in pixels
EM_JS(void, trilens_measure_glyph, (uint32_t codepoint, double size, float* out), {
    const fonts = Module.trilensFonts || (Module.trilensFonts = { context: null });
    if (!fonts.context)
        fonts.context = Object.assign(document.createElement("canvas"), { width: 64, height: 64 })
            .getContext("2d", { willReadFrequently: true });
    fonts.context.font = size + 'px system-ui, "Noto Sans", "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", ' +
        '"Noto Sans SC", "WenQuanYi Micro Hei", sans-serif';
    const glyph = fonts.context.measureText(String.fromCodePoint(codepoint));
    HEAPF32.set([glyph.width, Math.floor(-glyph.actualBoundingBoxLeft), Math.floor(-glyph.actualBoundingBoxAscent),
        Math.ceil(glyph.actualBoundingBoxRight), Math.ceil(glyph.actualBoundingBoxDescent)], out / 4);
});

// The ink as one byte a pixel, for the size measured last.
EM_JS(void, trilens_draw_glyph, (uint32_t codepoint, int left, int top, int width, int height, uint8_t* out), {
    const context = Module.trilensFonts.context;
    if (context.canvas.width < width || context.canvas.height < height) {
        const font = context.font;
        Object.assign(context.canvas, { width: Math.max(width, context.canvas.width), height: Math.max(height, context.canvas.height) });
        context.font = font;
    }
    context.clearRect(0, 0, width, height);
    context.fillStyle = "#fff";
    context.fillText(String.fromCodePoint(codepoint), -left, -top);
    const pixels = context.getImageData(0, 0, width, height).data;
    for (let i = 0; i < width * height; ++i) HEAPU8[out + i] = pixels[4 * i + 3];
});
// clang-format on

namespace trilens {

namespace {

// Where the baseline stands in a line as high as the em: capitals and ideographs are then centred in it.
constexpr float baseline = 0.86f;

bool contains(ImFontAtlas*, ImFontConfig*, ImWchar codepoint) {
    const uint32_t code = codepoint;
    return code >= 0x20 && !(code >= 0x7f && code < 0xa0) && !(code >= 0xd800 && code < 0xf900) && code != 0xfeff && code < 0x110000;
}

bool init_baked(ImFontAtlas*, ImFontConfig*, ImFontBaked* baked, void*) {
    baked->Ascent = std::round(baked->Size * baseline);
    baked->Descent = baked->Ascent - baked->Size;
    return true;
}

bool load_glyph(ImFontAtlas* atlas, ImFontConfig* source, ImFontBaked* baked, void*, ImWchar codepoint, ImFontGlyph* out,
                float* out_advance) {
    if (!contains(atlas, source, codepoint)) return false;
    const float density = source->RasterizerDensity * baked->RasterizerDensity;
    float measured[5];
    trilens_measure_glyph(codepoint, static_cast<double>(baked->Size) * density, measured);
    const float advance = std::round(measured[0]) / density;
    if (out_advance) {
        *out_advance = advance;
        return true;
    }
    out->Codepoint = codepoint;
    out->AdvanceX = advance;
    const int left = static_cast<int>(measured[1]), top = static_cast<int>(measured[2]);
    const int width = static_cast<int>(measured[3]) - left, height = static_cast<int>(measured[4]) - top;
    if (width <= 0 || height <= 0) return true;

    const ImFontAtlasRectId id = ImFontAtlasPackAddRect(atlas, width, height);
    if (id == ImFontAtlasRectId_Invalid) return false;
    ImTextureRect* place = ImFontAtlasPackGetRect(atlas, id);
    ImVector<unsigned char>& ink = atlas->Builder->TempBuffer;
    ink.resize(width * height);
    trilens_draw_glyph(codepoint, left, top, width, height, ink.Data);
    out->X0 = static_cast<float>(left) / density;
    out->Y0 = static_cast<float>(top) / density + baked->Ascent;
    out->X1 = out->X0 + static_cast<float>(width) / density;
    out->Y1 = out->Y0 + static_cast<float>(height) / density;
    out->Visible = true;
    out->PackId = id;
    ImFontAtlasBakedSetFontGlyphBitmap(atlas, baked, source, out, place, ink.Data, ImTextureFormat_Alpha8, width);
    return true;
}

}  // namespace

void add_fonts() {
    ImGui::GetStyle().FontSizeBase = 15;
    static ImFontLoader loader;
    loader.Name = "browser canvas";
    loader.FontSrcContainsGlyph = contains;
    loader.FontBakedInit = init_baked;
    loader.FontBakedLoadGlyph = load_glyph;
    ImFontConfig config;
    config.FontLoader = &loader;
    config.SizePixels = 15;
    ImGui::GetIO().Fonts->AddFont(&config);
}

}  // namespace trilens

#else

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace trilens {

namespace {

// Adds the first of `files` that is there; whether one was.
bool add_first(std::initializer_list<const char*> files, bool merge) {
    for (const char* name : files) {
        std::ifstream file(name, std::ios::binary);
        if (!file) continue;
        const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
        void* data = ImGui::MemAlloc(bytes.size());
        std::copy(bytes.begin(), bytes.end(), static_cast<char*>(data));
        ImFontConfig config;
        config.MergeMode = merge;
        ImGui::GetIO().Fonts->AddFontFromMemoryTTF(data, static_cast<int>(bytes.size()), -15, &config);
        return true;
    }
    return false;
}

}  // namespace

void add_fonts() {
    ImGui::GetStyle().FontSizeBase = 15;
    const bool found = add_first({"/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
                                  "/System/Library/Fonts/Helvetica.ttc", "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"},
                                 false);
    if (!found) ImGui::GetIO().Fonts->AddFontDefault();
    add_first({"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
               "/System/Library/Fonts/PingFang.ttc", "/System/Library/Fonts/STHeiti Light.ttc"},
              true);
}

}  // namespace trilens

#endif
