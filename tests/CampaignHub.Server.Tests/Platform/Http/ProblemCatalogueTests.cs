using System.Globalization;
using System.Reflection;
using CampaignHub.Core;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Tests.Platform.OpenApi;

namespace CampaignHub.Server.Tests.Platform.Http;

public sealed class ProblemCatalogueTests
{
    [Fact]
    public void Every_kind_of_problem_is_in_the_catalogue_with_its_status_and_nothing_else_is()
    {
        var made = typeof(Problems).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(m => m.ReturnType == typeof(Problem))
            .Select(m => (Problem)m.Invoke(null, [.. m.GetParameters().Select(p => Sample(p.ParameterType))])!)
            .Select(p => $"| `{p.Type["urn:campaignhub:problem:".Length..]}` | {p.Status.ToString(CultureInfo.InvariantCulture)} |").Distinct();
        var listed = File.ReadLines(Described.RepositoryFile("docs/problems.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => string.Join("|", line.Split('|')[..3]) + "|");
        listed.ShouldBe(made, ignoreOrder: true);
    }

    private static object Sample(Type type) =>
        type == typeof(string) ? "x"
        : type.IsValueType ? Activator.CreateInstance(type)!
        : type.IsAssignableFrom(typeof(Dictionary<string, FieldProblem>)) ? new Dictionary<string, FieldProblem> { ["x"] = new("x", "x") }
        : type.IsAssignableFrom(typeof(FieldError[])) ? new FieldError[] { new("x", "x", "x") }
        : type.IsAssignableFrom(typeof(string[])) ? Array.Empty<string>()
        : throw new InvalidOperationException($"Give a sample of {type}.");
}
