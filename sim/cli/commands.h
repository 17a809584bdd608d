// The subcommands. Each returns the command's exit status.
#pragma once

#include "sim/cli/arguments.h"

namespace linger::sim::cli {

int run_command(const RunArguments& arguments);
int check_command(const CheckArguments& arguments);
int random_check_command(const RandomCheckArguments& random, int jobs);  // of check
int explore_command(const ExploreArguments& arguments);
int explain_command(const ExplainArguments& arguments);
int sweep_command(const SweepArguments& arguments);
int export_command(const ExportArguments& arguments);
int live_command(const LiveArguments& arguments);
int replay_command(const ReplayArguments& arguments);
int eras_command(const ErasArguments& arguments);

}  // namespace linger::sim::cli
