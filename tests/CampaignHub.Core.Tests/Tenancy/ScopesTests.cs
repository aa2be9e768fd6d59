using CampaignHub.Core.Tenancy;

namespace CampaignHub.Core.Tests.Tenancy;

public sealed class ScopesTests
{
    [Theory]
    [InlineData("*", "settings:write", true)]
    [InlineData("audience:read", "audience:read", true)]
    [InlineData("audience:write", "audience:read", true)]
    [InlineData("audience:read", "audience:write", false)]
    [InlineData("audience:write", "campaigns:read", false)]
    [InlineData("campaigns:send", "campaigns:read", false)]
    [InlineData("campaigns:send", "campaigns:write", false)]
    [InlineData("campaigns:write", "campaigns:send", false)]
    [InlineData("reports:read", "reports:read", true)]
    public void Write_implies_read_of_its_area_and_send_implies_nothing(string granted, string required, bool allowed) =>
        Scopes.Allows([granted], required).ShouldBe(allowed);

    [Fact]
    public void No_scope_allows_nothing() => Scopes.All.ShouldAllBe(required => !Scopes.Allows(Array.Empty<string>(), required));

    [Fact]
    public void Words_are_known_exactly_as_written()
    {
        Scopes.All.ShouldAllBe(word => Scopes.IsKnown(word));
        Scopes.IsKnown("Audience:read").ShouldBeFalse();
        Scopes.IsKnown("reports:write").ShouldBeFalse();
    }

    [Fact]
    public void Normalising_drops_repeats_and_orders() =>
        Scopes.Normalise(["reports:read", "audience:read", "reports:read", "nonsense"]).ShouldBe(["audience:read", "reports:read"]);
}
