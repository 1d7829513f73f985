# gnu17 for __attribute__((cleanup)); asserts ship, so no build type defines NDEBUG.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g")
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

add_compile_options(-Wall -Wextra -Werror -Wshadow -Wconversion -Wstrict-prototypes
                    -Wmissing-prototypes -Wvla -Wformat=2 -Wundef -Wwrite-strings -Wpointer-arith)
add_compile_options(-fno-common -fstack-protector-strong -D_FORTIFY_SOURCE=2 -D_GNU_SOURCE)
add_link_options(-Wl,-z,relro,-z,now)

set(SANITIZE "" CACHE STRING "address,undefined or thread")
if(SANITIZE)
    add_compile_options(-fsanitize=${SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
                        -U_FORTIFY_SOURCE)
    add_link_options(-fsanitize=${SANITIZE})
endif()

option(FUZZ "build the libFuzzer targets (clang)" OFF)
if(FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
                        -fno-omit-frame-pointer -U_FORTIFY_SOURCE)
    add_link_options(-fsanitize=address,undefined)
endif()
