#include "daemon/child_program.hpp"
#include "daemon/commands.hpp"
#include "daemon/connection.hpp"

#include <cstdlib>
#include <string>
#include <vector>

namespace gazetted {

namespace {

constexpr int status_of_no_connection = 2;  // psql(1); ours is for usage

}  // namespace

int run(const Config& config, const PsqlCommand& command) {
    const OpenDatabase database = open_database(config.database);
    const char* options = std::getenv("PGOPTIONS");
    setenv("PGOPTIONS", ((options ? std::string(options) + " " : std::string()) + "-c search_path=gazetted,public").c_str(), 1);

    std::vector<std::string> words = {"psql", "--dbname=" + connection_for_programs(database.url)};
    words.insert(words.end(), command.arguments.begin(), command.arguments.end());
    const InterruptIgnored ignored;
    const int status = ChildProgram(std::move(words), {}).wait();
    return status == status_of_no_connection ? 1 : status;
}

}  // namespace gazetted
