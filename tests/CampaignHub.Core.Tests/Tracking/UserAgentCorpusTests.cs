using CampaignHub.Core.Tracking;
using NodaTime;
using Xunit.Abstractions;

namespace CampaignHub.Core.Tests.Tracking;

public sealed class UserAgentCorpusTests(ITestOutputHelper output)
{
    private const string Corpus = "03-ua/ua-labels.tsv";

    [CorpusFact(Corpus)]
    public void Machines_are_told_from_people_with_the_precision_and_recall_reached()
    {
        var rows = File.ReadLines(Corpora.Find(Corpus)!).Skip(1).Select(line => line.Split('\t')).ToList();
        var judged = rows.Select(row => (Label: row[0], Agent: row[3], Verdict: Judge(row[3]))).ToList();
        foreach (var label in judged.GroupBy(row => row.Label))
            output.WriteLine($"{label.Key,-18}{label.Count(),6}  "
                + string.Join("  ", label.GroupBy(row => row.Verdict.Reason).OrderByDescending(g => g.Count()).Select(g => $"{g.Key} {g.Count()}")));
        foreach (var (label, agent, verdict) in judged.Where(row => IsMachine(row.Label) != (row.Verdict.Class == HitClass.Machine)))
            output.WriteLine($"wrong: {label} -> {verdict.Reason}: {agent[..Math.Min(agent.Length, 150)]}");

        double right = judged.Count(row => IsMachine(row.Label) && row.Verdict.Class == HitClass.Machine);
        var precision = right / judged.Count(row => row.Verdict.Class == HitClass.Machine);
        var recall = right / judged.Count(row => IsMachine(row.Label));
        output.WriteLine($"machine: precision {precision:F4}, recall {recall:F4}");
        precision.ShouldBeGreaterThanOrEqualTo(0.99);
        recall.ShouldBeGreaterThanOrEqualTo(0.97);
    }

    [CorpusFact(Corpus)]
    public void Mail_programs_and_image_proxies_are_people()
    {
        var rows = File.ReadLines(Corpora.Find(Corpus)!).Select(line => line.Split('\t')).Where(row => row[0].StartsWith("mail-", StringComparison.Ordinal));
        foreach (var row in rows.Where(row => row[2] != "Barca"))
            Judge(row[3]).Class.ShouldBe(HitClass.Human, row[3]);
    }

    private static bool IsMachine(string label) => label is "bot" or "security-scanner";

    private static HitVerdict Judge(string agent) => HitRules.Classify(new Hit(HitKind.Open, "GET", agent, Instant.FromUnixTimeSeconds(0)));
}
