/* ingestor: pulls what sources report, archives it as it came, and keeps it as vintages. */
#include "service.h"

int main(int argc, char **argv)
{
    struct service service = {
        .name = "ingestor",
    };
    return service_main(&service, argc, argv);
}
