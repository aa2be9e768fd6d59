using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CampaignHub.Core.Inbound;
using Xunit.Abstractions;

namespace CampaignHub.Core.Tests.Inbound;

/// <summary>Mail that real servers sent, against what others say that it means.</summary>
public sealed class BounceCorpusTests(ITestOutputHelper output)
{
    private const string Truth = "01-bounce/truth.json";

    /// <summary>What a reader that knows more classes may call what the truth calls soft.</summary>
    private static readonly InboundClass[] s_soft = [InboundClass.Soft, InboundClass.Full, InboundClass.Policy];

    [CorpusFact(Truth)]
    public void Hard_bounces_are_known_and_nobody_else_is_suppressed()
    {
        var judged = Judge();
        Print(judged, "all");
        foreach (var half in judged.GroupBy(j => SHA256.HashData(Encoding.UTF8.GetBytes(j.File))[0] % 2).OrderBy(h => h.Key))
            Print([.. half], $"half {half.Key}");

        var hard = judged.Where(j => j.True == "hard").ToList();
        hard.Count.ShouldBe(78);
        hard.Count(j => j.Found == InboundClass.Hard).ShouldBeGreaterThanOrEqualTo(78, Tell(hard.Where(j => j.Found != InboundClass.Hard)));
        judged.Where(IsFalseSuppression).ShouldBeEmpty(Tell(judged.Where(IsFalseSuppression)));
    }

    private static bool IsFalseSuppression(Judged j) => j.Found == InboundClass.Hard && j.True != "hard" || j.Found == InboundClass.Complaint && j.True != "complaint";

    private static string Tell(IEnumerable<Judged> judged) => string.Join('\n', judged);

    private void Print(IReadOnlyList<Judged> judged, string name)
    {
        output.WriteLine($"{name}: {judged.Count} recipients");
        var classes = Enum.GetValues<InboundClass>();
        output.WriteLine($"{"truth",-12}{string.Concat(classes.Select(c => $"{c.Word(),11}"))}");
        foreach (var row in judged.GroupBy(j => j.True).OrderBy(r => r.Key, StringComparer.Ordinal))
            output.WriteLine($"{row.Key,-12}{string.Concat(classes.Select(c => $"{row.Count(j => j.Found == c),11}"))}");
        var found = judged.Where(j => j.Found == InboundClass.Hard).ToList();
        var right = found.Count(j => j.True == "hard");
        output.WriteLine($"hard: precision {(double)right / found.Count:P1}, recall {(double)right / judged.Count(j => j.True == "hard"):P1}");
        foreach (var j in judged.Where(j => j.True is "soft" ? !s_soft.Contains(j.Found) : j.Found.Word().Replace('_', '-') != j.True && j.True != "delivered"))
            output.WriteLine($"  {j}");
    }

    private static List<Judged> Judge()
    {
        using var truth = JsonDocument.Parse(File.ReadAllText(Corpora.Find(Truth)!));
        return [.. truth.RootElement.EnumerateObject().SelectMany(file => Judge(file.Name, file.Value))];
    }

    private static IEnumerable<Judged> Judge(string file, JsonElement truth)
    {
        var mail = InboundReader.Read(File.ReadAllBytes(Corpora.Find($"01-bounce/{file}")!));
        if (!truth.TryGetProperty("results", out var results))
            return [new Judged(file, null, truth.GetProperty("class").GetString()!, mail.Findings[0])];
        if (results.GetArrayLength() == 0)
            return [new Judged(file, null, "other", mail.Findings[0])];
        return results.EnumerateArray().Select(result =>
        {
            var recipient = result.GetProperty("recipient").GetString()!;
            var finding = mail.Findings.FirstOrDefault(f => string.Equals(f.Recipient, recipient, StringComparison.OrdinalIgnoreCase));
            // Where a report names nobody, or one person by another address, the first finding is what it says.
            return new Judged(file, recipient, result.GetProperty("class").GetString()!, finding ?? mail.Findings[0]);
        });
    }

    private sealed record Judged(string File, string? Recipient, string True, InboundFinding Finding)
    {
        public InboundClass Found => Finding.Class;

        public override string ToString() => $"{File} {Recipient}: {True}, found {Found} by {Finding.Rule} for {Finding.Recipient} {Finding.Code}: {Finding.Diagnostic}";
    }
}
