/* listener: a service for tests, which stands in for guardrail-evaluator's row of the fleet.
 *
 * Each message becomes one row of test.applied. By its body a message can be one that is refused
 * ("poison"), one that can't be handled now ("later") or one that kills its handler ("killer"). */
#pragma once

int listener_main(int argc, char **argv);
