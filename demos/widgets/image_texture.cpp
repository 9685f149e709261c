// ImTextureData as the life of a texture: WantCreate -> OK -> WantUpdates -> OK -> WantDestroy -> Destroyed, where the
// renderer's backend does each step when it draws. Ours is only to ask, and to ask again for what a lost context destroyed.
#include "demos/widgets/image_texture.h"

#include <imgui_internal.h>

namespace trilens {

namespace {

bool reached_renderer(const ImTextureData& data) { return data.TexID != ImTextureID_Invalid || data.BackendUserData != nullptr; }

}  // namespace

ImageTexture::ImageTexture(int width, int height) : data_(IM_NEW(ImTextureData)()) {
    data_->Create(ImTextureFormat_RGBA32, width, height);
    data_->UseColors = true;
    ImGui::RegisterUserTexture(data_);
}

ImageTexture::~ImageTexture() {
    ImGui::UnregisterUserTexture(data_);
    ImGui::GetPlatformIO().Textures.find_erase(data_);  // the list of the frame that was drawn last
    IM_DELETE(data_);
}

std::span<uint32_t> ImageTexture::pixels() {
    return {reinterpret_cast<uint32_t*>(data_->Pixels), static_cast<size_t>(data_->Width) * static_cast<size_t>(data_->Height)};
}

void ImageTexture::upload() {
    if (data_->Status != ImTextureStatus_OK) return;  // created or updated from these pixels anyway
    const ImTextureRect all{0, 0, static_cast<unsigned short>(data_->Width), static_cast<unsigned short>(data_->Height)};
    data_->Updates.resize(0);
    data_->Updates.push_back(all);
    data_->UpdateRect = data_->UsedRect = all;
    data_->SetStatus(ImTextureStatus_WantUpdates);
}

ImageTextures::~ImageTextures() = default;

ImageTextures::Entry& ImageTextures::get(std::string_view name, int width, int height) {
    auto at = entries_.find(name);
    if (at != entries_.end() && (at->second->texture.width() != width || at->second->texture.height() != height)) {
        dying_.push_back(std::move(at->second));
        entries_.erase(at);
        at = entries_.end();
    }
    if (at == entries_.end()) at = entries_.emplace(std::string(name), std::make_unique<Entry>(width, height)).first;
    at->second->used = true;
    return *at->second;
}

void ImageTextures::begin_frame() {
    for (auto at = entries_.begin(); at != entries_.end();) {
        Entry& entry = *at->second;
        ImTextureData& data = *entry.texture.data_;
        if (!entry.used) {
            dying_.push_back(std::move(at->second));
            at = entries_.erase(at);
            continue;
        }
        if (data.Status == ImTextureStatus_OK) data.Updates.resize(0);
        if (data.Status == ImTextureStatus_Destroyed) data.SetStatus(ImTextureStatus_WantCreate);
        entry.used = false;
        ++at;
    }
    std::erase_if(dying_, [](const std::unique_ptr<Entry>& entry) {
        ImTextureData& data = *entry->texture.data_;
        if (!reached_renderer(data)) return true;
        data.SetStatus(ImTextureStatus_WantDestroy);
        ++data.UnusedFrames;
        return false;
    });
}

}  // namespace trilens
