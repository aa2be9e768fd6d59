using CampaignHub.Core.Audience;

namespace CampaignHub.Core.Tests.Audience;

public sealed class SuppressionPatternTests
{
    [Theory]
    [InlineData(" Ann@Shop.example ", "ann@shop.example")]
    [InlineData("*@Shop.Example", "*@shop.example")]
    [InlineData("*@bücher.example", "*@xn--bcher-kva.example")]
    [InlineData("*.example", "*.example")]
    [InlineData("*.Shop.example", "*.shop.example")]
    public void Patterns_are_normalised(string text, string expected)
    {
        SuppressionPattern.TryParse(text, out var pattern, out var problem).ShouldBeTrue(problem);
        pattern.ShouldBe(expected);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*")]
    [InlineData("*@")]
    [InlineData("*.")]
    [InlineData("*@*.example")]
    [InlineData("ann*@shop.example")]
    [InlineData("*.*.example")]
    [InlineData("shop.example")]
    [InlineData("*@example")]
    public void What_names_nothing_is_refused(string? text) =>
        SuppressionPattern.TryParse(text, out _, out _).ShouldBeFalse();

    [Fact]
    public void Candidates_are_all_patterns_that_match()
    {
        EmailAddress.TryParse("Ann@eu.shop.example", out var address, out _).ShouldBeTrue();
        SuppressionPattern.Candidates(address!).ShouldBe(["ann@eu.shop.example", "*@eu.shop.example", "*.shop.example", "*.example"]);
    }
}
