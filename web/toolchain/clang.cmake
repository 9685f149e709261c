# Native builds take clang 19 where there is one (what Debian's Emscripten compiles with), else the clang on PATH.
find_program(CMAKE_CXX_COMPILER NAMES clang++-19 clang++ REQUIRED)
