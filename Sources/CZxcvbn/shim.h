// Debian ships no .pc file for this library.
#include <zxcvbn.h>
