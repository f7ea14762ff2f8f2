#include "daemon/child_program.hpp"
#include "daemon/commands.hpp"
#include "daemon/connection.hpp"

#include <cstdlib>
#include <string>
#include <vector>

namespace gazetted {

int run(const Config& config, const PsqlCommand& command) {
    const OpenDatabase database = open_database(config.database);
    const char* options = std::getenv("PGOPTIONS");
    setenv("PGOPTIONS", ((options ? std::string(options) + " " : std::string()) + "-c search_path=gazetted,public").c_str(), 1);

    std::vector<std::string> words = {"psql", "--dbname=" + connection_for_programs(database.url)};
    words.insert(words.end(), command.arguments.begin(), command.arguments.end());
    const InterruptIgnored ignored;
    return ChildProgram(std::move(words), {}).wait();
}

}  // namespace gazetted
