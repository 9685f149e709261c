// Textures for pictures that change: pixels are kept here, and Dear ImGui (1.92) has whichever renderer there is create,
// update and, after a lost context, create the texture again. No graphics call is made by demos/.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trilens {

// One RGBA texture. Renderers sample linearly: for crisp cells draw it 1:1 on device pixels, or with several texels a cell.
class ImageTexture {
public:
    ImageTexture(int width, int height);
    ~ImageTexture();
    ImageTexture(const ImageTexture&) = delete;
    ImageTexture& operator=(const ImageTexture&) = delete;

    int width() const { return data_->Width; }
    int height() const { return data_->Height; }
    // The pixels to fill (0xAABBGGRR, row by row from the top); call upload() when they are.
    std::span<uint32_t> pixels();
    void upload();
    ImTextureRef reference() const { return data_->GetTexRef(); }     // for ImDrawList::AddImage and ImGui::Image

private:
    friend class ImageTextures;
    ImTextureData* data_;
};

// The textures of an app by name; those not asked for in a frame are freed after it.
// Must be destroyed before ImGui's context, and after the renderer was shut down or never rendered again.
class ImageTextures {
public:
    ImageTextures() = default;
    ~ImageTextures();

    // A texture and, beside it, a copy of what it shows, to know whether it is out of date.
    struct Entry {
        Entry(int width, int height) : texture(width, height) {}
        ImageTexture texture;
        std::vector<float> values;
        std::string look;       // everything else that the pixels depend on
        bool used = true;
    };
    // The texture of that name; one that has another size is replaced by a new, empty one.
    Entry& get(std::string_view name, int width, int height);

    void begin_frame();         // first thing of a frame: frees what was not used, renews what a lost context destroyed
    size_t count() const { return entries_.size(); }

private:
    std::map<std::string, std::unique_ptr<Entry>, std::less<>> entries_;
    std::vector<std::unique_ptr<Entry>> dying_;
};

}  // namespace trilens
