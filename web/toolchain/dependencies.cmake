# What is not ours, as targets: nlohmann_json, doctest, imgui, SDL2. Versions are checked here.
#
# Header-only libraries are found on the machine that builds and reached by a link of their own, so that a web build
# never sees the rest of that machine's headers.
function(trilens_headers target folder macro_file macro_prefix minimum package)
  find_path(${target}_headers ${folder} PATHS /usr/include /usr/local/include /opt/homebrew/include
    NO_CMAKE_FIND_ROOT_PATH)
  if(NOT ${target}_headers)
    message(FATAL_ERROR "${target} ${minimum} or newer is missing: install ${package}")
  endif()
  set(version "")
  foreach(part MAJOR MINOR PATCH)
    file(STRINGS ${${target}_headers}/${folder}/${macro_file} line REGEX "#define ${macro_prefix}_${part} ")
    string(REGEX MATCH "[0-9]+" number "${line}")
    list(APPEND version ${number})
  endforeach()
  list(JOIN version . version)
  if(version VERSION_LESS minimum)
    message(FATAL_ERROR "${target} ${version} is too old: ${minimum} or newer is needed (${package})")
  endif()
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/include)
  file(CREATE_LINK ${${target}_headers}/${folder} ${PROJECT_BINARY_DIR}/include/${folder} SYMBOLIC)
  add_library(${target} INTERFACE)
  target_include_directories(${target} SYSTEM INTERFACE ${PROJECT_BINARY_DIR}/include)
endfunction()

trilens_headers(nlohmann_json nlohmann detail/abi_macros.hpp NLOHMANN_JSON_VERSION 3.11.0 nlohmann-json3-dev)
trilens_headers(doctest doctest doctest.h DOCTEST_VERSION 2.4.0 doctest-dev)

if(NOT TRILENS_UI)
  return()
endif()

# Dear ImGui: the sources that web/toolchain/debian-source left in the cache, else its own repository's.
set(cache $ENV{TRILENS_CACHE})
if(NOT cache)
  set(cache $ENV{XDG_CACHE_HOME}/trilens)
  if(NOT DEFINED ENV{XDG_CACHE_HOME})
    set(cache $ENV{HOME}/.cache/trilens)
  endif()
endif()
set(TRILENS_IMGUI ${cache}/source/imgui CACHE PATH "Folder of Dear ImGui's sources, 1.92 or newer")
if(NOT EXISTS ${TRILENS_IMGUI}/imgui.h)
  message(STATUS "no Dear ImGui in ${TRILENS_IMGUI}: fetching 1.92.2b")
  include(FetchContent)
  FetchContent_Declare(imgui
    URL https://codeload.github.com/ocornut/imgui/tar.gz/45acd5e0e82f4c954432533ae9985ff0e1aad6d5
    URL_HASH SHA256=97484925aec2f4d3e913d6644d46b234f8d6d8d98c6aa9c50109e0f0df772090
    DOWNLOAD_EXTRACT_TIMESTAMP ON)
  FetchContent_MakeAvailable(imgui)
  set(TRILENS_IMGUI ${imgui_SOURCE_DIR} CACHE PATH "" FORCE)
endif()
file(STRINGS ${TRILENS_IMGUI}/imgui.h line REGEX "#define IMGUI_VERSION_NUM ")
string(REGEX MATCH "[0-9]+" version "${line}")
if(version LESS 19200)
  message(FATAL_ERROR "Dear ImGui in ${TRILENS_IMGUI} is too old (${version}): 19200 or newer is needed")
endif()

# SDL2: Emscripten's port on the web, the machine's own natively.
if(EMSCRIPTEN)
  add_library(sdl2 INTERFACE)
  target_compile_options(sdl2 INTERFACE -sUSE_SDL=2)
  target_link_options(sdl2 INTERFACE -sUSE_SDL=2)
else()
  find_package(SDL2 2.26 REQUIRED CONFIG)
  find_package(OpenGL REQUIRED)
  add_library(sdl2 INTERFACE)
  target_link_libraries(sdl2 INTERFACE SDL2::SDL2 OpenGL::GL)
endif()

set(sources imgui.cpp imgui_draw.cpp imgui_tables.cpp imgui_widgets.cpp
  backends/imgui_impl_sdl2.cpp backends/imgui_impl_opengl3.cpp backends/imgui_impl_sdlrenderer2.cpp)
list(TRANSFORM sources PREPEND ${TRILENS_IMGUI}/)
add_library(imgui STATIC ${sources})
target_include_directories(imgui SYSTEM PUBLIC ${TRILENS_IMGUI} ${TRILENS_IMGUI}/backends)
target_compile_definitions(imgui PUBLIC IMGUI_USER_CONFIG="${PROJECT_SOURCE_DIR}/web/imgui_config.h")
target_compile_options(imgui PRIVATE -w $<$<BOOL:${EMSCRIPTEN}>:-Os>)
target_link_libraries(imgui PUBLIC sdl2)
