using CampaignHub.Core.Audience;
using CsCheck;
using NodaTime;
using static CampaignHub.Core.Audience.ConsentStatus;

namespace CampaignHub.Core.Tests.Audience;

public sealed class ConsentTableTests
{
    private const ConsentChannel Api = ConsentChannel.Api, Data = ConsentChannel.Data;
    private const ConsentOrder Newer = ConsentOrder.Newer, Older = ConsentOrder.Older, Unordered = ConsentOrder.Unordered;

    private static readonly ConsentRow[] All = [.. ConsentTable.Rows(Api), .. ConsentTable.Rows(Data)];

    [Theory]
    // "says nothing and creates the person asserts granted"; "their silence is unknown"; a no about a new person too
    [InlineData(null, "silent", Api, false, Unordered, "granted", true)]
    [InlineData(null, "silent", Data, false, Unordered, "unknown", true)]
    [InlineData(null, "refused", Data, false, Unordered, "unknown", true)]
    [InlineData(null, "granted", Data, false, Unordered, "granted", true)]
    [InlineData(null, "withdrawn", Data, false, Unordered, "withdrawn", true)]
    // a yes
    [InlineData("unknown", "granted", Data, false, Unordered, "granted", true)]
    [InlineData("pending", "granted", Data, false, Older, "granted", true)]
    [InlineData("granted", "granted", Data, false, Newer, "granted", true)]
    [InlineData("granted", "granted", Data, true, Unordered, "granted", false)]
    [InlineData("withdrawn", "granted", Api, true, Unordered, "withdrawn", false)]
    [InlineData("withdrawn", "granted", Data, false, Newer, "granted", true)]
    // asked
    [InlineData("unknown", "pending", Data, false, Unordered, "pending", true)]
    [InlineData("granted", "pending", Api, false, Newer, "granted", false)]
    [InlineData("withdrawn", "pending", Api, false, Newer, "withdrawn", false)]
    // withdrawn
    [InlineData("granted", "withdrawn", Data, false, Unordered, "withdrawn", true)]
    [InlineData("granted", "withdrawn", Data, true, Older, "granted", false)]
    [InlineData("pending", "withdrawn", Data, false, Older, "withdrawn", true)]
    // an explicit no: the same shop's consent goes; a newer one from elsewhere stands
    [InlineData("granted", "refused", Data, true, Unordered, "withdrawn", true)]
    [InlineData("granted", "refused", Data, true, Older, "granted", false)]
    [InlineData("granted", "refused", Data, false, Older, "granted", false)]
    [InlineData("granted", "refused", Data, false, Unordered, "granted", false)]
    [InlineData("granted", "refused", Data, false, Newer, "withdrawn", true)]
    [InlineData("pending", "refused", Data, true, Newer, "pending", false)]
    // unknown lowers only where the API asserts it
    [InlineData("granted", "unknown", Api, false, Unordered, "unknown", true)]
    [InlineData("granted", "unknown", Api, false, Older, "granted", false)]
    [InlineData("granted", "unknown", Data, false, Newer, "granted", false)]
    [InlineData("withdrawn", "unknown", Api, false, Newer, "withdrawn", false)]
    public void Sentences_of_the_contract(
        string? current, string statement, ConsentChannel channel, bool sameOrigin, ConsentOrder order, string next, bool takes)
    {
        var decision = ConsentTable.Decide(
            current is null ? null : WireWords.Parse<ConsentStatus>(current),
            WireWords.Parse<ConsentStatement>(statement)!.Value, channel, sameOrigin, order);
        decision.ShouldBe(new ConsentDecision(WireWords.Parse<ConsentStatus>(next)!.Value, takes));
    }

    [Fact]
    public void Silence_never_changes_somebody_known() => All
        .Where(row => row.Current is not null && row.Statement == ConsentStatement.Silent)
        .ShouldAllBe(row => row.Decision == new ConsentDecision(row.Current!.Value, false));

    [Fact]
    public void Only_a_newer_explicit_yes_lifts_a_withdrawal() => All
        .Where(row => row.Current == Withdrawn && row.Decision.Status != Withdrawn)
        .ShouldAllBe(row => row.Statement == ConsentStatement.Granted && row.Order == Newer);

    [Fact]
    public void Nobody_known_becomes_granted_without_an_explicit_yes() => All
        .Where(row => row.Current is not null and not Granted && row.Decision.Status == Granted)
        .ShouldAllBe(row => row.Statement == ConsentStatement.Granted);

    [Fact]
    public void What_keeps_keeps_everything() => All
        .Where(row => !row.Decision.TakesStatement)
        .ShouldAllBe(row => row.Current == row.Decision.Status);

    [Fact]
    public void Applying_a_statement_twice_is_applying_it_once() => All.ShouldAllBe(row =>
        !row.Decision.TakesStatement || ConsentTable.Decide(row.Decision.Status, row.Statement, Data, true, Unordered).Status == row.Decision.Status);

    [Fact]
    public void The_rows_answer_every_case_as_the_decision_does()
    {
        foreach (var channel in new[] { Api, Data })
            ConsentTable.Rows(channel).Select(row => (row.Current, row.Statement, row.SameOrigin, row.Order)).Distinct().Count().ShouldBe(180);
        var tables = new[] { Api, Data }.ToDictionary(channel => channel,
            channel => ConsentTable.Rows(channel).ToDictionary(row => (row.Current, row.Statement, row.SameOrigin, row.Order), row => row.Decision));
        Gen.Select(Gen.Enum<ConsentStatus>().Nullable(), Gen.Enum<ConsentStatement>(), Gen.Enum<ConsentChannel>(), Gen.Bool, Gen.Enum<ConsentOrder>())
            .Sample((current, statement, channel, same, order) =>
                tables[channel][(current, statement, same, order)] == ConsentTable.Decide(current, statement, channel, same, order));
    }

    [Fact]
    public void An_unknown_instant_is_neither_newer_nor_older()
    {
        var noon = Instant.FromUtc(2026, 11, 27, 12, 0);
        ConsentTable.OrderOf(null, noon).ShouldBe(Unordered);
        ConsentTable.OrderOf(noon, null).ShouldBe(Unordered);
        ConsentTable.OrderOf(noon, noon).ShouldBe(Unordered);
        ConsentTable.OrderOf(noon + Duration.Epsilon, noon).ShouldBe(Newer);
        ConsentTable.OrderOf(noon - Duration.Epsilon, noon).ShouldBe(Older);
    }

    [Fact]
    public void Words_are_those_of_the_contract()
    {
        WireWords.All<ConsentStatus>().ShouldBe(["granted", "pending", "withdrawn", "unknown"]);
        WireWords.All<ConsentStatement>().ShouldBe(["granted", "pending", "withdrawn", "unknown", "refused", "silent"]);
        WireWords.All<ZoneSource>().ShouldBe(["given", "region", "phone", "country", "activity", "storefront", "country_guess", "fallback"]);
    }
}
