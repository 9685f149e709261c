// Slots of one size, as wide as the widest picture or caption asks for. Pictures are drawn 1:1 on device pixels from one texture for
// each size of pictures, so that cells keep hard edges and a sheet costs one texture.
#include "demos/widgets/picture_sheet.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "demos/text/text.h"
#include "demos/widgets/image_texture.h"
#include "demos/widgets/theme.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr float caption_height = 18, slot_gap = 8;   // units
constexpr ImU32 curve_ground = IM_COL32(12, 14, 20, 255), curve_rule = IM_COL32(255, 255, 255, 46);

bool is_curve(const Tensor& values) { return values.shape()[-2] == 1 && values.shape()[-1] > 1; }

using Size = std::pair<int64_t, int64_t>;   // height, width in cells
Size size_of(const Tensor& values) { return {values.shape()[-2], values.shape()[-1]}; }

class Sheet {
public:
    Sheet(const Stage& stage, std::span<const SheetPicture> pictures, float width, const SheetStyle& style)
        : pictures_(pictures), style_(style), unit_(1 / stage.device_pixels) {
        const Theme& t = theme();
        float captions = 0;
        for (const SheetPicture& picture : pictures) {
            const Shape& shape = picture.values.shape();
            if (shape.rank() != 4 || shape[0] * shape[1] != 1 || shape.elements() == 0)
                throw ShapeError("picture sheet: a picture of shape " + shape.text() + ", expected [1, 1, H, W]");
            const Rect place = picture_size(picture.values);
            slot_.w = std::max(slot_.w, place.w);
            slot_.h = std::max(slot_.h, place.h);
            captions = std::max(captions, text_width(picture.caption.c_str(), t.small_text));
        }
        slot_.w = std::min(std::max(slot_.w, std::min(captions, 1.6f * slot_.w)), std::max(width, 1.0f));
        picture_height_ = slot_.h;
        slot_.h += captions > 0 ? t.px(caption_height) : 0;
        const float gap = t.px(slot_gap);
        columns_ = std::max(1, static_cast<int>((width + gap) / (slot_.w + gap)));
        const int count = static_cast<int>(pictures.size());
        shown_ = style.rows > 0 ? std::min(count, columns_ * style.rows) : count;
    }

    int shown() const { return shown_; }
    int hidden() const { return static_cast<int>(pictures_.size()) - shown_; }
    float pictures_bottom() const {
        const int rows = (shown_ + columns_ - 1) / columns_;
        return rows > 0 ? static_cast<float>(rows) * (slot_.h + theme().px(slot_gap)) - theme().px(slot_gap) : 0;
    }
    float height() const { return pictures_bottom() + (hidden() > 0 ? theme().px(caption_height + 4) : 0); }

    Rect slot(int at, Rect area) const {
        const float gap = theme().px(slot_gap);
        return {area.x + static_cast<float>(at % columns_) * (slot_.w + gap), area.y + static_cast<float>(at / columns_) * (slot_.h + gap),
                slot_.w, slot_.h};
    }
    // In its slot: centred, standing on the caption, on whole device pixels.
    Rect place(int at, Rect slot) const {
        Rect out = picture_size(pictures_[static_cast<size_t>(at)].values);
        out.x = std::round((slot.x + (slot.w - out.w) / 2) / unit_) * unit_;
        out.y = std::round((slot.y + picture_height_ - out.h) / unit_) * unit_;
        return out;
    }

    void draw_pictures(Stage& stage, std::string_view name, Rect area) const {
        const ColorScale scale = scale_of_all();
        std::map<Size, std::vector<int>> groups;
        for (int i = 0; i < shown_; ++i) {
            const Tensor& values = pictures_[static_cast<size_t>(i)].values;
            if (is_curve(values)) draw_curve(values, scale, place(i, slot(i, area)));
            else groups[size_of(values)].push_back(i);
        }
        for (const auto& [size, members] : groups) draw_group(stage, name, area, size, members, scale);
    }

private:
    // Device pixels of a cell: whole, or less than 1 for a picture larger than its place.
    float cell(Size size) const {
        const float pixels = theme().px(style_.side) / unit_ / static_cast<float>(std::max(size.first, size.second));
        return pixels >= 1 ? std::floor(pixels) : pixels;
    }
    Rect picture_size(const Tensor& values) const {
        if (is_curve(values)) return {0, 0, theme().px(style_.side) * 2, theme().px(style_.side)};
        const Size size = size_of(values);
        const float pixels = cell(size) * unit_;
        return {0, 0, static_cast<float>(size.second) * pixels, static_cast<float>(size.first) * pixels};
    }

    ColorScale scale_of_all() const {
        if (style_.scale) return {style_.map, style_.scale->low, style_.scale->high};
        std::vector<float> ends;
        for (const SheetPicture& picture : pictures_) {
            const ColorScale one = ColorScale::of(ColorMap::grey, picture.values.data(), picture.values.elements());
            ends.insert(ends.end(), {one.low, one.high});
        }
        return ColorScale::of(style_.map, ends.data(), static_cast<int64_t>(ends.size()));
    }

    void draw_curve(const Tensor& values, const ColorScale& scale, Rect place) const {
        const Theme& t = theme();
        ImDrawList* list = ImGui::GetWindowDrawList();
        list->AddRectFilled(place.min(), place.max(), curve_ground, t.px(5));
        const auto height = [&](float value) {
            return place.y + t.px(3) + (place.h - t.px(6)) * std::clamp((scale.high - value) / (scale.high - scale.low), 0.0f, 1.0f);
        };
        if (scale.low < 0 && scale.high > 0) list->AddLine({place.x, height(0)}, {place.right(), height(0)}, curve_rule);
        const int64_t count = values.elements();
        for (int64_t i = 0; i < count; ++i)
            if (std::isfinite(values.data()[i]))
                list->PathLineTo(
                    {place.x + place.w * (static_cast<float>(i) + 0.5f) / static_cast<float>(count), height(values.data()[i])});
        list->PathStroke(IM_COL32_WHITE, 0, t.px(1.5f));
    }

    // All pictures of one size: painted beside each other if they are not the ones painted before, then drawn each in its slot.
    void draw_group(Stage& stage, std::string_view name, Rect area, Size size, const std::vector<int>& members,
                    const ColorScale& scale) const {
        const int64_t texels = std::max<int64_t>(1, static_cast<int64_t>(cell(size))), height = size.first * texels,
                      width = size.second * texels;
        const auto across = static_cast<int64_t>(std::ceil(std::sqrt(static_cast<double>(members.size()))));
        const int64_t down = (static_cast<int64_t>(members.size()) + across - 1) / across;
        char label[64], look[96];
        std::snprintf(label, sizeof label, ":%dx%d", static_cast<int>(size.first), static_cast<int>(size.second));
        std::snprintf(look, sizeof look, "%d %a %a", static_cast<int>(scale.map), static_cast<double>(scale.low),
                      static_cast<double>(scale.high));
        ImageTextures::Entry& entry =
            stage.textures.get(std::string(name) + label, static_cast<int>(across * width), static_cast<int>(down * height));
        if (entry.look != look || !holds(entry, members)) {
            entry.look = look;
            entry.values.clear();
            for (const int at : members) {
                const std::span<const float> values = pictures_[static_cast<size_t>(at)].values.values();
                entry.values.insert(entry.values.end(), values.begin(), values.end());
            }
            const std::span<uint32_t> pixels = entry.texture.pixels();
            std::fill(pixels.begin(), pixels.end(), 0u);
            for (int64_t y = 0; y < down * height; ++y)
                for (int64_t x = 0; x < across * width; ++x) {
                    const int64_t member = y / height * across + x / width;
                    if (member >= static_cast<int64_t>(members.size())) continue;
                    const int64_t value = (member * size.first + y % height / texels) * size.second + x % width / texels;
                    pixels[static_cast<size_t>(y * across * width + x)] = scale.color(entry.values[static_cast<size_t>(value)]);
                }
            entry.texture.upload();
        }
        for (size_t i = 0; i < members.size(); ++i) {
            const Rect at = place(members[i], slot(members[i], area));
            const auto column = static_cast<float>(static_cast<int64_t>(i) % across),
                       row = static_cast<float>(static_cast<int64_t>(i) / across);
            const auto u = static_cast<float>(across), v = static_cast<float>(down);
            ImGui::GetWindowDrawList()->AddImage(entry.texture.reference(), at.min(), at.max(), {column / u, row / v},
                                                 {(column + 1) / u, (row + 1) / v});
        }
    }

    bool holds(const ImageTextures::Entry& entry, const std::vector<int>& members) const {
        size_t from = 0;
        for (const int at : members) {
            const std::span<const float> values = pictures_[static_cast<size_t>(at)].values.values();
            if (from + values.size() > entry.values.size() || std::memcmp(&entry.values[from], values.data(), values.size_bytes()) != 0)
                return false;
            from += values.size();
        }
        return from == entry.values.size();
    }

    std::span<const SheetPicture> pictures_;
    const SheetStyle& style_;
    float unit_, picture_height_ = 0;
    Rect slot_;
    int columns_ = 1, shown_ = 0;
};

}  // namespace

int draw_picture_sheet(Stage& stage, std::string_view name, std::span<const SheetPicture> pictures, Rect area, const SheetStyle& style) {
    const Theme& t = theme();
    const Sheet sheet(stage, pictures, area.w, style);
    stage.place(name, {area.x, area.y, area.w, sheet.height()});
    sheet.draw_pictures(stage, name, area);
    int clicked = -1;
    ImGui::PushID(name.data(), name.data() + name.size());
    for (int i = 0; i < sheet.shown(); ++i) {
        const Rect slot = sheet.slot(i, area), place = sheet.place(i, slot);
        const SheetPicture& picture = pictures[static_cast<size_t>(i)];
        stage.place(std::string(name) + "." + std::to_string(i), place);
        const float wide = std::min(text_width(picture.caption.c_str(), t.small_text), slot.w);
        draw_text({slot.x + (slot.w - wide) / 2, place.bottom() + t.px(2)}, picture.caption.c_str(), t.small_text,
                  picture.color ? picture.color : t.color.text_soft, slot.w);
        ImGui::SetCursorScreenPos(slot.min());
        ImGui::PushID(i);
        if (ImGui::InvisibleButton("picture", {slot.w, slot.h}) && was_tap()) clicked = i;
        ImGui::PopID();
        const bool hovered = ImGui::IsItemHovered();
        if (!hovered && i != style.selected) continue;
        ImGui::GetWindowDrawList()->AddRect({place.x - t.px(2), place.y - t.px(2)}, {place.right() + t.px(2), place.bottom() + t.px(2)},
                                            i == style.selected ? t.color.accent : t.color.text_soft, t.px(4), 0, t.px(2));
        if (hovered && wide >= slot.w && text_width(picture.caption.c_str(), t.small_text) > slot.w) draw_tooltip(picture.caption.c_str());
    }
    ImGui::PopID();
    if (sheet.hidden() > 0)
        draw_text({area.x, area.y + sheet.pictures_bottom() + t.px(4)}, say(Text::pictures_more, {std::to_string(sheet.hidden())}).c_str(),
                  t.small_text, t.color.text_soft, area.w);
    return clicked;
}

float picture_sheet_height(const Stage& stage, std::span<const SheetPicture> pictures, float width, const SheetStyle& style) {
    return Sheet(stage, pictures, width, style).height();
}

}  // namespace trilens
