/* people: who may do what; as aelp_admin. */
#pragma once

#include "cli.h"

int run_people_list(struct cli *cli);
int run_people_add(struct cli *cli);
int run_people_token(struct cli *cli);
int run_people_role(struct cli *cli);
int run_people_deactivate(struct cli *cli);
int run_people_erase(struct cli *cli);
int run_people_erase_note(struct cli *cli);
int run_people_link_slack(struct cli *cli);
int run_people_unlink_slack(struct cli *cli);
int run_people_secret(struct cli *cli);
