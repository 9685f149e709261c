// Textures for pictures that change: pixels are kept here, and Dear ImGui (1.92) has whichever renderer there is create,
// update and, after a lost context, create the texture again. No graphics call is made by demos/.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <functional>
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
    ImageTexture();
    ~ImageTexture();
    ImageTexture(const ImageTexture&) = delete;
    ImageTexture& operator=(const ImageTexture&) = delete;

    // The pixels to fill (0xAABBGGRR, row by row); call upload() when they are. A new size makes a new texture.
    std::span<uint32_t> pixels(int width, int height);
    void upload();
    ImTextureRef reference() const;

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
        ImageTexture texture;
        std::vector<float> values;
        std::string look;       // everything else that the pixels depend on
        bool used = true;
    };
    Entry& get(std::string_view name);

    void begin_frame();         // first thing of a frame: frees what was not used, renews what a lost context destroyed
    size_t count() const { return entries_.size(); }

private:
    std::map<std::string, std::unique_ptr<Entry>, std::less<>> entries_;
    std::vector<std::unique_ptr<Entry>> dying_;
};

}  // namespace trilens
