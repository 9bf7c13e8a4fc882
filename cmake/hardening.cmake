# What makes a mistake in a program harder to exploit, where compiler and linker have it:
#
#   pie, relro, now   a position-independent executable, whose relocations are read-only before main() begins
#   stack             canaries on the stack
#   fortify           calls of libc that know the size of what they write to
#   cet               marks for shadow stacks, on x86; not for indirect branches, whose landing marks cost a prediction of one row a tenth
#
# HEBB_HARDENED lists what was found; tests/hardened.sh looks for it in what was built.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)
include(CheckPIESupported)

# NAME LANGUAGES FLAG...: gives the FLAGs to the compiler if it has them, and lists NAME.
function(harden_compiling NAME LANGUAGES)
	check_c_compiler_flag("${ARGN}" HEBB_HAVE_${NAME})
	if(HEBB_HAVE_${NAME})
		add_compile_options("$<$<COMPILE_LANGUAGE:${LANGUAGES}>:${ARGN}>")
		set(HEBB_HARDENED ${HEBB_HARDENED} ${NAME} PARENT_SCOPE)
	endif()
endfunction()

function(harden_linking NAME FLAG)
	check_linker_flag(C ${FLAG} HEBB_HAVE_${NAME})
	if(HEBB_HAVE_${NAME})
		add_link_options(${FLAG})
		set(HEBB_HARDENED ${HEBB_HARDENED} ${NAME} PARENT_SCOPE)
	endif()
endfunction()

set(HEBB_HARDENED)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
check_pie_supported(LANGUAGES C)
if(CMAKE_C_LINK_PIE_SUPPORTED)
	list(APPEND HEBB_HARDENED pie)
endif()
harden_linking(relro -Wl,-z,relro)
harden_linking(now -Wl,-z,now)
harden_compiling(stack C -fstack-protector-strong)
harden_compiling(clash C -fstack-clash-protection)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "86|AMD64")
	harden_compiling(cet C,ASM -fcf-protection=return)
endif()
if(NOT HEBB_SANITIZE AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug") # sanitizers check more; without -O it only warns
	harden_compiling(fortify C -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
