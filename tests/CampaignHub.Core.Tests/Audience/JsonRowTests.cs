using System.Text;
using CampaignHub.Core.Audience;

namespace CampaignHub.Core.Tests.Audience;

public sealed class JsonRowTests
{
    [Theory]
    [InlineData("""{ "\ud800": 1 }""")]
    [InlineData("""{ "email": "a@shop.example", "consent": { "\ud800": "x" } }""")]
    [InlineData("""{ "email": "a@shop.example", "attributes": { "a": [{ "\udc00": "x" }] } }""")]
    public void A_name_that_is_no_text_is_the_error_of_its_row(string line) =>
        JsonRow.Map(Encoding.UTF8.GetBytes(line)).ShouldBeOfType<RowError>().Code.ShouldBe("not_text");
}
