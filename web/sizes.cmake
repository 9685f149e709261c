# Run at install time: writes sizes.json, what the page's progress bar measures against (under compression a server's
# Content-Length says nothing of it), and which networks' weights there are to fetch.
file(GLOB files RELATIVE ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_PREFIX}/*/trilens.wasm ${CMAKE_INSTALL_PREFIX}/weights/*.safetensors)
set(sizes "")
foreach(file IN LISTS files)
  file(SIZE ${CMAKE_INSTALL_PREFIX}/${file} size)
  list(APPEND sizes "\"${file}\": ${size}")
endforeach()
list(JOIN sizes ", " sizes)
file(WRITE ${CMAKE_INSTALL_PREFIX}/sizes.json "{${sizes}}\n")
