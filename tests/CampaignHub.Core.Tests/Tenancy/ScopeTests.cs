using CampaignHub.Core.Tenancy;

namespace CampaignHub.Core.Tests.Tenancy;

public sealed class ScopeTests
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
        Scope.Allows([granted], required).ShouldBe(allowed);

    [Fact]
    public void No_scope_allows_nothing() => Scope.All.ShouldAllBe(required => !Scope.Allows(Array.Empty<string>(), required));

    [Fact]
    public void Words_are_known_exactly_as_written()
    {
        Scope.All.ShouldAllBe(word => Scope.IsKnown(word));
        Scope.IsKnown("Audience:read").ShouldBeFalse();
        Scope.IsKnown("reports:write").ShouldBeFalse();
    }

    [Fact]
    public void Normalising_drops_repeats_and_orders() =>
        Scope.Normalise(["reports:read", "audience:read", "reports:read", "nonsense"]).ShouldBe(["audience:read", "reports:read"]);
}
