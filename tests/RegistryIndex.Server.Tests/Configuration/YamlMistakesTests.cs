using CsCheck;
using RegistryIndex.Server.Configuration;
using static RegistryIndex.Server.Tests.Configuration.SampleFile;

namespace RegistryIndex.Server.Tests.Configuration;

public class YamlMistakesTests
{
    [Theory]
    [InlineData("", "registry.yml, line 1: the file is empty; write a line 'dev:', and below it, indented by two spaces, lines such as 'storage_path: *")]
    [InlineData("# nothing\n# to see\n", "registry.yml, line *: the file is empty; write a line 'dev:', *")]
    [InlineData("- a\n- b\n", "registry.yml, line 1: the file begins with a list, but must be a mapping of flavors; write a line 'dev:', *")]
    [InlineData("hello\n", "registry.yml, line 1: there is a text instead of settings; write a line 'dev:', *")]
    [InlineData("search_backend:dynamodb\n", "registry.yml, line 1: 'search_backend:' needs a space after its colon; write a line 'dev:', *")]
    [InlineData("search_backend = dynamodb\n", "registry.yml, line 1: 'search_backend' needs ': ' instead of '='; write a line 'dev:', *")]
    [InlineData("search_backend: dynamodb\nstorage: local\n", "registry.yml, line 1: 'search_backend' is at top level, which is only for the names of flavors; write a line 'dev:', *")]
    [InlineData("# two\n# lines\nurls: [http://127.0.0.1:1, http://127.0.0.1:2]\n", "registry.yml, line 3: 'urls' is at top level, *")]
    [InlineData("serach_backend: dynamodb\n", "registry.yml, line 1: 'serach_backend' is at top level, which is only for the names of flavors, and looks like search_backend; write a line 'dev:', *")]
    [InlineData("mirror: {primary: a}\n", "registry.yml, line 1: 'mirror' is at top level, *")]
    [InlineData("prod: {}\nversions: 3\n", "registry.yml has no flavor 'dev'; its only one is 'prod': *")]
    [InlineData("storage: {s3: {bucket: b}}\n", "registry.yml, line 1: 'storage' is at top level, *")]
    [InlineData("common: {}\nstorage_path: /x\n", "registry.yml, line 2: 'storage_path' is at top level, *")]
    [InlineData("extensions: {dynamodb_index: {region: x}}\nsearch_backend: dynamodb\n", "registry.yml, line 2: 'search_backend' is at top level, *")]
    [InlineData("version: 0.1\nlog: {level: info}\nstorage: {filesystem: {rootdirectory: /x}}\nhttp: {addr: ':5000'}\n", "registry.yml, line 1: this is the configuration of distribution, *; set its rootdirectory with --storage-path or its address with --registry, *")]
    [InlineData("common: {}\nprod: {}\nextensions: {}\n", "registry.yml has no flavor 'dev'; there are 'common', 'prod': choose one with --flavor or SETTINGS_FLAVOR.")]
    [InlineData("extensions: {}\n", "registry.yml has no flavor 'dev' and no other; write a line 'dev:', *")]
    [InlineData("a: {}\ndev: 5\n", "registry.yml, line 2: the flavor 'dev' is not a mapping, because there is a text instead of settings; *")]
    [InlineData("dev:\n", "registry.yml, line 1: the flavor 'dev' is empty; *")]
    [InlineData("dev:\nsearch_backend: dynamodb\n", "registry.yml, line 1: the flavor 'dev' is empty, because 'search_backend' in line 2 is not indented; indent its settings by two spaces.")]
    [InlineData("dev:\n- search_backend: dynamodb\n", "registry.yml, line 1: the flavor 'dev' is a list; *without '-'.")]
    [InlineData("dev:\n  search_backend:dynamodb\n", "registry.yml, line 1: the flavor 'dev' is not a mapping, because 'search_backend:' needs a space after its colon; *")]
    [InlineData("dev:\n  registry_password=hunter2\n", "registry.yml, line 1: the flavor 'dev' is not a mapping, because 'registry_password' needs ': ' instead of '='; *")]
    [InlineData("dev:\n  a: [1\n  b: 2\n", "registry.yml, line 2: the text that begins here is not valid YAML; correct it.")]
    [InlineData("dev:\n  a: [1\n", "registry.yml, line 3: this is not valid YAML (while parsing a flow sequence*); correct it.")]
    [InlineData("dev:\n\ta: 1\n", "registry.yml, line 2: the line is indented with a tab, which YAML does not allow; use spaces.")]
    [InlineData("dev:\n  a: 1\n\tb: 2\n", "registry.yml, line 3: the line is indented with a tab, *")]
    [InlineData("dev:\n  b:\n  \t- 1\n", "registry.yml, line 3: the line is indented with a tab, *")]
    [InlineData("dev: {}\n---\ndev: {}\n", "registry.yml, line 2: a second document begins here; *")]
    [InlineData("dev: {}\n...\nprod: {}\n", "registry.yml, line 3: a second document begins here; *")]
    [InlineData("dev:\n  a: 1\n  b: 2\n  a: 3\n", "registry.yml, line 4: the key 'a' occurs twice in one mapping, first in line 2; *")]
    [InlineData("dev: {}\nprod: {}\ndev: {}\n", "registry.yml, line 3: the key 'dev' occurs twice in one mapping, first in line 1; *")]
    [InlineData("dev:\n  a: 1\n  A: 2\n", "registry.yml, line 3: the key 'A' occurs twice, first in line 2, because keys are case-insensitive *")]
    [InlineData("dev:\n  a: {b: 1}\n  'a:b': 2\n", "registry.yml, line 3: the key 'a:b' occurs twice*")]
    [InlineData("dev:\n  a: *nobody\n", "registry.yml, line 2: the alias '*nobody' has no anchor '&nobody' before it; *")]
    [InlineData("a: &x {}\ndev:\n  b: &y [*x, *y]\n", "registry.yml, line 3: the alias '*y' is inside its own anchor, *")]
    [InlineData("dev: &d\n  <<: *d\n", "registry.yml, line 2: the alias '*d' is inside its own anchor, *")]
    [InlineData("dev:\n  <<: text\n", "registry.yml, line 2: '<<' merges a value that is not a mapping; *")]
    [InlineData("dev:\n  <<:\n", "registry.yml, line 2: '<<' merges a value that is not a mapping; *")]
    [InlineData("dev:\n  <<: [{}, 3]\n", "registry.yml, line 2: '<<' merges a value that is not a mapping; *")]
    [InlineData("dev:\n  '': 1\n", "registry.yml, line 2: a key is empty; *")]
    [InlineData("dev:\n  ~: 1\n", "registry.yml, line 2: a key is empty; *")]
    [InlineData("dev:\n  ? [a, [b]]\n  : 1\n", "registry.yml, line 2: a key is a list or a mapping; *")]
    [InlineData("a: &m {}\ndev:\n  ? *m\n  : 1\n", "registry.yml, line 3: a key is a list or a mapping; *")]
    [InlineData("dev:\n  a: !!python/object:os.system x\n", "registry.yml, line 2: the tag 'tag:yaml.org,2002:python/object:os.system' has no meaning here; *")]
    [InlineData("dev:\n  a: 1\n  b: x\0y\n", "registry.yml, line 3: the text contains the control character U+0000, *")]
    [InlineData("dev:\n  a: 1\n  b: '_env:'\n", "registry.yml, line 3: this '_env:' has no name of a variable; *")]
    [InlineData("dev:\n  a: _env::x\n", "registry.yml, line 2: this '_env:' has no name of a variable; *")]
    [InlineData("dev:\n  a: _env:A B\n", "registry.yml, line 2: this '_env:' has no name of a variable, because 'A B' is not one; *")]
    [InlineData("dev:\n  a: _env:${A}:x\n", "registry.yml, line 2: this '_env:' has no name of a variable, because '${A}' is not one; *")]
    [InlineData("dev:\n  a: _env\n", "registry.yml, line 2: the value resembles a reference to an environment variable; write _env:NAME or _env:NAME:DEFAULT.")]
    [InlineData("dev:\n  a: [x, _ENV:PASSWORD:hunter2]\n", "registry.yml, line 2: the value resembles a reference to an environment variable; *")]
    [InlineData("dev:\n  a: _env: NAME\n", "registry.yml, line 2: this is not valid YAML (*); correct it.")]
    [InlineData("dev:\n  a: ['_env: :x']\n", "registry.yml, line 2: this '_env:' has no name of a variable; *")]
    [InlineData("dev:\n  a: '_env:UNSET:[1'\n", "registry.yml, line 2: the default of the environment variable 'UNSET' is not a YAML value; *")]
    [InlineData("extensions:\n  a: _env::x\ndev: {}\n", "registry.yml, line 2: this '_env:' has no name of a variable; *")]
    public void A_mistake_is_one_sentence_with_its_place_and_a_remedy(string yaml, string expected) =>
        ProblemOf(yaml).Should().Match(expected).And.EndWith(".").And.NotContain("\n").And.NotContain("hunter2");

    [Theory]
    [InlineData("dev: {}\nsearch_backend: x\n", "registry.yml, line 2: 'search_backend' is at top level, which is only for the names of flavors, and has no effect: write it below 'dev:', indented.")]
    [InlineData("dev: {}\nserach_backend: x\n", "registry.yml, line 2: 'serach_backend' is at top level, which is only for the names of flavors, and has no effect: write search_backend, which it looks like, below 'dev:', indented.")]
    [InlineData("dev: {}\nurls:\n- http://127.0.0.1:1\n", "registry.yml, line 2: 'urls' is at top level, *")]
    [InlineData("dev: {}\nextension: {dynamodb_index: {region: x}}\n", "registry.yml, line 2: 'extension' is read as a flavor, and has no effect: did you mean extensions?")]
    public void Keys_without_effect_beside_the_flavors_are_reported(string yaml, string expected) =>
        YamlFlavors.Read("registry.yml", yaml, "dev", _ => null).Warnings.Should().ContainSingle().Which.Should().Match(expected);

    [Theory]
    [InlineData("dev: {}\nmirror: {storage: local}\nstorage: {a: b}\nregistry: {}\n")]
    [InlineData("dev: {}\nx-common: 1\nanchors: [&a {b: c}]\n")]
    [InlineData("common: &c {a: b}\ndev: {<<: *c}\nextensions: {my_index: {host: h}}\n")]
    public void Other_flavors_and_foreign_keys_are_ignored(string yaml) => YamlFlavors.Read("registry.yml", yaml, "dev", _ => null).Warnings.Should().BeEmpty();

    [Theory]
    [InlineData("@hunter2")]
    [InlineData("*hunter2")]
    [InlineData("hunter2: hunter2: hunter2")]
    [InlineData("!hunter2 x")]
    [InlineData("'hunter2")]
    [InlineData("{hunter2: 1, hunter2: 2}")]
    public void A_variable_that_is_not_yaml_is_named_but_its_value_is_not_shown(string value) =>
        ProblemOf("dev:\n\n  a: _env:PASSWORD:x\n", ("PASSWORD", value)).Should()
            .Be("registry.yml, line 3: the value of the environment variable 'PASSWORD' is not a YAML value; correct it or put it in quotes.");

    [Fact]
    public void Text_of_a_file_in_a_message_is_one_short_line()
    {
        ProblemOf($"dev:\n  a: *{new string('x', 500)}\n").Length.Should().BeLessThan(300);
        ProblemOf("\"a\\nb\": {}\n").Should().Contain("a\\u000ab");
        ProblemOf(string.Concat(Enumerable.Range(0, 900).Select(i => $"flavor{i}: {{}}\n"))).Length.Should().BeLessThan(400);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("[[],")]
    [InlineData("&a [")]
    [InlineData("? - ")]
    public void Deep_nesting_is_refused(string opening) =>
        ProblemOf("dev: \n  " + string.Concat(Enumerable.Repeat(opening, 200_000 / opening.Length))).Should().MatchRegex("nested more than 32 levels|not valid YAML|a key is a list");

    [Fact]
    public void Deep_nesting_by_aliases_is_refused()
    {
        var chain = Enumerable.Range(1, 40).Select(i => $"a{i}: &a{i} [*a{i - 1}]\n");
        ProblemOf($"a0: &a0 [x]\n{string.Concat(chain)}dev: {{a: *a40}}\n").Should().Contain("nested more than 32 levels");
    }

    [Theory]
    [InlineData("[{0},{0},{0},{0},{0},{0},{0},{0},{0},{0}]")]
    [InlineData("{{a: {0}, b: {0}, c: {0}, d: {0}, e: {0}, f: {0}, g: {0}, h: {0}, i: {0}, j: {0}}}")]
    [InlineData("{{<<: [{0},{0},{0},{0},{0},{0},{0},{0},{0},{0}]}}")]
    public void An_alias_bomb_is_refused_before_it_is_expanded(string layer)
    {
        var bomb = Enumerable.Range(1, 14).Select(i => $"a{i}: &a{i} {string.Format(null, layer, $"*a{i - 1}")}\n");
        ProblemOf($"a0: &a0 {{x: 1}}\n{string.Concat(bomb)}dev: {{a: *a14}}\n").Should().Contain("with its aliases expanded this has more than 10000 values");
    }

    [Fact]
    public void An_alias_bomb_from_environment_variables_is_refused()
    {
        var hundred = $"[{string.Join(", ", Enumerable.Repeat("x", 100))}]";
        ProblemOf($"dev: {{a: [{string.Join(", ", Enumerable.Repeat("_env:MANY", 100))}]}}\n", ("MANY", hundred)).Should().Contain("more than 10000 values");
    }

    [Fact]
    public void A_long_key_is_refused() =>
        ProblemOf($"dev:\n  {new string('k', 257)}: 1\n").Should().Be("registry.yml, line 2: a key is longer than 256 characters; shorten it.");

    [Fact]
    public void A_randomly_changed_file_is_a_configuration_or_a_mistake_of_one_sentence()
    {
        string[] tokens =
        [
            "[", "]", "{", "}", ":", ": ", "- ", "? ", "\n", "\n    ", "&a ", "*a", "*common", "<<: ", "!", "!!", "!!str ", "!<", "%", "@", "`", "|", ">", "|2-\n", "'", "\"", "\\x",
            "\\ud800", "#", "---\n", "...\n", "\t", "\0", "\u0085", "\u2028", "\ufeff", "\ud83d", "~", "_env:", "_env:A:", "_env:A:_env:A", ",", "\r", "%YAML 1.1\n", "%TAG ! x\n", "null", "\u00e9",
        ];
        string[] flavors = ["dev", "test", "prod"];
        var token = Gen.Int[0, tokens.Length - 1].Select(i => tokens[i]);
        var mutation = Gen.Select(Gen.Int[0, 2], Gen.Int[0, Text.Length], Gen.Int[0, 12], token);
        Gen.Select(mutation.Array[1, 12], Gen.Int[0, 2].Select(i => flavors[i]), token).Sample((mutations, flavor, variable) =>
        {
            var text = mutations.Aggregate(Text, (before, m) => Mutate(before, m.Item1, m.Item2, m.Item3, m.Item4));
            try
            {
                Read(text, flavor, ("A", variable), ("LOGLEVEL", variable));
            }
            catch (ConfigurationMistakeException mistake)
            {
                mistake.Message.Should().StartWith("registry.yml").And.EndWith(".").And.NotContainAny("\n", "\r", "\t", "\0");
            }
        }, iter: 20_000);
    }

    private static string Mutate(string text, int kind, int position, int length, string token)
    {
        position = Math.Min(position, text.Length);
        length = Math.Min(length, text.Length - position);
        return kind switch
        {
            0 => text.Insert(position, token),
            1 => text.Remove(position, length),
            _ => text.Insert(text.Length - position, text.Substring(position, length)),
        };
    }

    private static string ProblemOf(string yaml, params (string, string)[] environment) =>
        FluentActions.Invoking(() => Read(yaml, "dev", environment)).Should().Throw<ConfigurationMistakeException>().Which.Message;
}
