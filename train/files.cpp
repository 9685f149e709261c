// zlib reads plain and compressed files alike.
#include "train/files.h"

#include <zlib.h>

#include <fstream>
#include <memory>

#include "engine/errors.h"

namespace trilens {

std::vector<uint8_t> read_file(const std::filesystem::path& path) {
    std::filesystem::path found = path;
    if (!std::filesystem::exists(found)) found += ".gz";
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(found.c_str(), "rb"), gzclose);
    if (!file) throw FormatError("cannot read " + path.string() + " or " + path.filename().string() + ".gz");
    std::vector<uint8_t> bytes;
    std::vector<uint8_t> piece(size_t{1} << 20);
    int count;
    while ((count = gzread(file.get(), piece.data(), static_cast<unsigned>(piece.size()))) > 0)
        bytes.insert(bytes.end(), piece.begin(), piece.begin() + count);
    int state = Z_OK;
    const char* message = gzerror(file.get(), &state);
    if (count < 0 || state != Z_OK) throw FormatError(found.string() + " is damaged: " + message);
    return bytes;
}

void write_file(const std::filesystem::path& path, std::span<const uint8_t> bytes) {
    std::filesystem::path unfinished = path;
    unfinished += ".part";
    std::ofstream out(unfinished, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    out.close();
    std::error_code error;
    if (out) std::filesystem::rename(unfinished, path, error);
    if (!out || error) throw FormatError("cannot write " + path.string());
}

}  // namespace trilens
