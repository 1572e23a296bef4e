#include <algorithm>
#include <iostream>
#include <map>
#include <ranges>
#include <regex>
#include <thread>

int main()
{
    std::map<std::string, int> count;
    std::string text = "the cat and the dog and the bird";
    std::regex word("[a-z]+");
    for (std::sregex_iterator i(text.begin(), text.end(), word), end; i != end; ++i) ++count[i->str()];
    for (auto &[w, n] : count | std::views::filter([](auto &p) { return p.second > 1; })) std::cout << w << ' ' << n << '\n';
    try { throw std::runtime_error("caught"); } catch (const std::exception &e) { std::cout << e.what() << '\n'; }
}
