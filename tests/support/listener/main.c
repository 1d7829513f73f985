/* listener: the program; what it does is in listener.h. */
#include "listener.h"

int main(int argc, char **argv)
{
    return listener_main(argc, argv);
}
