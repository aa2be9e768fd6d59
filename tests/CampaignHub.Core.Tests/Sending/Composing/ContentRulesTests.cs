using CampaignHub.Core.Sending.Composing;

namespace CampaignHub.Core.Tests.Sending.Composing;

public sealed class ContentRulesTests
{
    [Theory]
    [InlineData("", "<p>", "subject", ContentProblem.Required)]
    [InlineData("a\nb", "<p>", "subject", ContentProblem.LineBreak)]
    [InlineData("a\u0007b", "<p>", "subject", ContentProblem.ControlCharacter)]
    [InlineData("a", " ", "html", ContentProblem.Required)]
    [InlineData("a", "<p>\0", "html", ContentProblem.ControlCharacter)]
    [InlineData("{{ a", "<p>", "subject", ContentProblem.InvalidLiquid)]
    [InlineData("a", "<p>\n{% if %}", "html", ContentProblem.InvalidLiquid)]
    public void A_bad_field_is_named_with_its_code(string subject, string html, string field, string code)
    {
        PreparedContent.TryPrepare(new(subject, html, null), new(), out _, out var problems).ShouldBeFalse();
        var problem = problems.ShouldHaveSingleItem();
        (problem.Field, problem.Code).ShouldBe((field, code));
    }

    [Fact]
    public void Sizes_are_limited()
    {
        ContentRules.Check(new(new('a', 998), new('a', 500_000), new('a', 500_000))).ShouldBeEmpty();
        ContentRules.Check(new(new('a', 999), new('a', 500_001), new('a', 500_001))).Select(problem => (problem.Field, problem.Code))
            .ShouldBe([("subject", "too_long"), ("html", "too_long"), ("text", "too_long")]);
    }

    [Fact]
    public void All_faulty_fields_are_reported_at_once()
    {
        PreparedContent.TryPrepare(new("{{", "{{", "\n\n {{"), new(), out _, out var problems).ShouldBeFalse();
        problems.Select(problem => problem.Field).ShouldBe(["subject", "html", "text"]);
        problems[2].Line.ShouldBe(3);
    }

    [Fact]
    public void A_failure_for_one_person_is_a_value()
    {
        var prepared = Compose.Prepare("{{ 1 | divided_by: recipient.attributes.zero }}");
        prepared.TryRender(new(Compose.Anna with { AttributesJson = """{"zero":0}""" }, "c", new CountingLinks(), Compose.Date), out _, out var failure).ShouldBeFalse();
        failure!.Code.ShouldBe("template_error");
    }
}
