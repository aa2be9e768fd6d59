using CampaignHub.Core.Sending.Composing.Liquid;
using CsCheck;

namespace CampaignHub.Core.Tests.Sending.Composing;

public sealed class LiquidTemplateTests
{
    [Theory]
    [InlineData("a\n  {% if x %}b", 2)]
    [InlineData("a\n\n{{ x | }}", 3)]
    [InlineData("{% iff x %}{% endif %}", 1)]
    [InlineData("one\ntwo {{ x | no_such_filter }}", 2)]
    [InlineData("{% include 'other' %}", 1)]
    [InlineData("{% campaignhub_click 0 %}", 1)]
    [InlineData("{% campaignhub_pixel %}", 1)]
    public void A_fault_is_reported_with_its_line(string source, int line)
    {
        LiquidTemplate.TryParse(source, out _, out var problem).ShouldBeFalse();
        problem!.Line.ShouldBe(line);
        problem.Column.ShouldBeGreaterThan(0);
        problem.Message.ShouldNotBeNullOrWhiteSpace();
    }

    [Theory]
    [InlineData("{% for i in (1..9000) %}{% for j in (1..9000) %}{% endfor %}{% endfor %}", LiquidFailure.TooSlow)]
    [InlineData("{% for i in (1..2147483647) %}{% endfor %}", LiquidFailure.TooLarge)]
    [InlineData("{% for i in (1..9000) %}{% for j in (1..50) %}{% assign x = i | plus: 1 %}{% endfor %}{% endfor %}", LiquidFailure.TooSlow)]
    [InlineData("{% assign x = 'aaaaaaaaaa' %}{% for i in (1..60) %}{% assign x = x | append: x %}{% endfor %}", LiquidFailure.TooLarge)]
    [InlineData("{% assign x = 'a,a' | split: ',' %}{% for i in (1..60) %}{% assign x = x | concat: x %}{% endfor %}", LiquidFailure.TooLarge)]
    [InlineData("{% for i in (1..9000) %}{% for j in (1..4) %}0123456789012345678901234567890123456789{% endfor %}{% endfor %}", LiquidFailure.TooLarge)]
    [InlineData("{% capture x %}{% for i in (1..9000) %}{% for j in (1..4) %}0123456789012345678901234567890123456789{% endfor %}{% endfor %}{% endcapture %}", LiquidFailure.TooLarge)]
    [InlineData("{% assign x = (1..9000) | join: ',' %}{{ x | replace: ',', x }}", LiquidFailure.TooLarge)]
    [InlineData("{{ 'now' | date: '%999999999d' }}", LiquidFailure.TooLarge)]
    [InlineData("{% assign a = (1..9000) %}{% for i in (1..9000) %}{% if a contains 'x' %}{% endif %}{% endfor %}", LiquidFailure.TooSlow)]
    [InlineData("{% assign a = (1..9000) | reverse %}{% for i in (1..9000) %}{% if a == a %}{% endif %}{% endfor %}", LiquidFailure.TooSlow)]
    [InlineData("{{ 1 | divided_by: 0 }}", LiquidFailure.Error)]
    [InlineData("{{ 99999999999999999999 | times: 99999999999999999999 }}", LiquidFailure.Error)]
    public void A_limit_or_fault_at_rendering_is_a_value(string source, string code)
    {
        Parse(source).TryRender(Compose.Input(), LiquidEscaping.None, out _, out var failure).ShouldBeFalse();
        failure!.Code.ShouldBe(code, failure.Message);
    }

    [Fact]
    public void A_cancelled_rendering_is_too_slow()
    {
        var input = new LiquidInput { Values = Compose.Input().Values, Now = Compose.Date, Cancellation = new(canceled: true) };
        Parse("x").TryRender(input, LiquidEscaping.None, out _, out var failure).ShouldBeFalse();
        failure!.Code.ShouldBe(LiquidFailure.TooSlow);
    }

    [Theory]
    [InlineData("{% if true %}", "{% endif %}")]
    [InlineData("{% for i in (1..2) %}", "{% endfor %}")]
    public void Nesting_that_would_overflow_the_stack_is_a_parse_problem(string open, string close)
    {
        LiquidTemplate.TryParse(Repeat(open, 20_000) + Repeat(close, 20_000), out _, out var problem).ShouldBeFalse();
        problem!.Message.ShouldContain("nested");
    }

    [Fact]
    public void Nested_brackets_and_liquid_lines_that_would_overflow_the_stack_are_parse_problems()
    {
        LiquidTemplate.TryParse("{{ a" + Repeat("[a", 4000) + Repeat("]", 4000) + " }}", out _, out _).ShouldBeFalse();
        LiquidTemplate.TryParse("{% liquid\n" + Repeat("if true\n", 1000) + Repeat("endif\n", 1000) + "%}", out _, out _).ShouldBeFalse();
        LiquidTemplate.TryParse("{{ 'a'" + Repeat("|upcase", 2000) + " }}", out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void The_deepest_allowed_nesting_renders() =>
        Render(Repeat("{% if true %}", 100) + "x" + Repeat("{% endif %}", 100)).ShouldBe("x");

    [Fact]
    public void Now_is_the_instant_passed_in_and_zones_are_utc()
    {
        Render("{{ 'now' | date: '%Y-%m-%d %H:%M %z' }}").ShouldBe("2026-11-27 10:00 +0000");
        Render("{{ '2026-01-02 03:04' | date: '%H:%M %z' }}").ShouldBe("03:04 +0000");
    }

    [Fact]
    public void Html_is_escaped_once_and_letters_of_every_script_stay()
    {
        const string Source = "{{ n }}{% capture c %}{{ n }}{% endcapture %}|{{ c }}|{{ n | raw }}";
        Parse(Source).TryRender(Compose.Input(("n", "\"<Åsa & 李>\"")), LiquidEscaping.Html, out var html, out _).ShouldBeTrue();
        html.ShouldBe("&lt;Åsa &amp; 李&gt;|&lt;Åsa &amp; 李&gt;|<Åsa & 李>");
    }

    [Fact]
    public void Nested_json_is_reachable_and_clr_members_are_not()
    {
        var input = Compose.Input(("a", """{"b":{"c":[1,{"d":"x"},2.50,true,null]}}"""));
        Render("{{ a.b.c[1].d }} {{ a.b.c.size }} {{ a.b.c[2] }} {{ a.b.c[3] }}{{ a.b.c[4] }}", input).ShouldBe("x 5 2.5 true");
        Render("[{{ a.GetType }}{{ a.b.Keys }}{{ a.b.c[1].d.Length }}{{ a.Count }}]", input).ShouldBe("[]");
    }

    [Fact]
    public void No_filter_throws_whatever_it_is_given()
    {
        string[] filters =
        [
            "join", "first", "last", "concat", "map", "reverse", "size", "sort", "sort_natural", "uniq", "where", "sum", "find", "has", "reject",
            "append", "capitalize", "newline_to_br", "prepend", "remove", "replace", "replace_last", "slice", "split", "truncate", "truncatewords",
            "abs", "at_least", "ceil", "divided_by", "minus", "modulo", "plus", "round", "times", "default", "date", "compact", "url_decode",
            "base64_decode", "base64_url_safe_decode", "strip_html", "escape_once", "handleize", "json", "time_zone", "md5", "hmac_sha256",
        ];
        string[] values = ["''", "'x'", "nil", "-1", "99999999999999999999999999", "0.1", "l", "o", "true", "'%Q%9'", "'\"'", "(1..3)", "empty", "'\uD800'"];
        Gen.Select(Gen.OneOf(values), Gen.OneOf(filters), Gen.OneOf(values), Gen.OneOf(values), Gen.OneOf(filters)).Sample((input, filter, one, two, then) =>
        {
            var template = Parse($"{{{{ {input} | {filter}: {one}, {two} | {then} }}}}{{{{ {input} | {filter} }}}}");
            var rendered = template.TryRender(Compose.Input(("l", "[1,\"b\",{\"c\":null},[2]]"), ("o", "{\"a\":{}}")), LiquidEscaping.Html, out _, out var failure);
            rendered.ShouldBe(failure is null);
        }, iter: 20_000);
    }

    [Fact]
    public void One_template_renders_from_many_threads()
    {
        var template = Parse("{% for i in (1..50) %}{% assign x = i | plus: n %}{{ x }},{% endfor %}");
        Parallel.For(0, 200, n =>
        {
            template.TryRender(Compose.Input(("n", $"{n}")), LiquidEscaping.Html, out var output, out _).ShouldBeTrue();
            output.ShouldBe(string.Concat(Enumerable.Range(1, 50).Select(i => $"{i + n},")));
        });
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static LiquidTemplate Parse(string source)
    {
        LiquidTemplate.TryParse(source, out var template, out var problem).ShouldBeTrue(problem?.ToString());
        return template!;
    }

    private static string Render(string source, LiquidInput? input = null)
    {
        Parse(source).TryRender(input ?? Compose.Input(), LiquidEscaping.None, out var output, out var failure).ShouldBeTrue(failure?.ToString());
        return output!;
    }
}
