using System.Text.Json;
using CampaignHub.Core.Sending.Composing.Liquid;
using Xunit.Abstractions;

namespace CampaignHub.Core.Tests.Sending.Composing;

public sealed class LiquidGoldenTests(ITestOutputHelper output)
{
    private const string File = "09-liquid/golden_liquid.json";

    // The engine's own differences from Ruby's Liquid, and templates that include others, make up the rest.
    private const int Floor = 739;

    [CorpusFact(File)]
    public void Golden_cases_give_their_exact_output()
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(Corpora.Find(File)!));
        var cases = json.RootElement.GetProperty("tests").EnumerateArray().ToList();
        var failed = cases.Where(test => !Passes(test)).ToList();
        output.WriteLine($"{cases.Count - failed.Count} of {cases.Count} exact");
        foreach (var group in failed.GroupBy(Group).OrderByDescending(group => group.Count()).Take(40))
            output.WriteLine($"{group.Count()} {group.Key}: {group.First().GetProperty("template").GetString()}");
        (cases.Count - failed.Count).ShouldBeGreaterThanOrEqualTo(Floor);
    }

    private static string Group(JsonElement test) => string.Join(',', test.GetProperty("name").GetString()!.Split(',').Take(2));

    private static bool Passes(JsonElement test)
    {
        var expectsFailure = test.TryGetProperty("invalid", out var invalid) && invalid.GetBoolean();
        if (!LiquidTemplate.TryParse(test.GetProperty("template").GetString()!, out var template, out _))
            return expectsFailure;
        if (!template.TryRender(Input(test), LiquidEscaping.None, out var rendered, out _))
            return expectsFailure;
        return !expectsFailure && Expected(test).Contains(rendered);
    }

    private static LiquidInput Input(JsonElement test) => new()
    {
        Now = Compose.Date,
        Values = test.TryGetProperty("data", out var data)
            ? data.EnumerateObject().ToDictionary(member => member.Name, member => LiquidValues.From(member.Value))
            : [],
    };

    private static IEnumerable<string?> Expected(JsonElement test) => test.TryGetProperty("results", out var results)
        ? results.EnumerateArray().Select(result => result.GetString())
        : [test.GetProperty("result").GetString()];
}
