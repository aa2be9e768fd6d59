using System.Text;
using CampaignHub.Core.Sending;
using CsCheck;

namespace CampaignHub.Core.Tests.Sending;

public sealed class SmtpReplyTests
{
    [Fact]
    public void Code_enhanced_code_and_text_are_read()
    {
        var reply = SmtpReply.Parse("550 5.1.10 No such user\r\n"u8);
        (reply.Code, reply.Enhanced, reply.Text).ShouldBe((550, new EnhancedCode(5, 1, 10), "No such user"));
        reply.ToString().ShouldBe("550 5.1.10 No such user");
    }

    [Fact]
    public void A_clients_parsed_reply_reads_the_same() =>
        SmtpReply.Create(550, "5.1.10 No such user").ShouldBe(SmtpReply.Parse("550 5.1.10 No such user\r\n"u8));

    [Fact]
    public void Further_lines_are_kept_and_the_first_is_known()
    {
        var reply = SmtpReply.Parse("550-5.1.1 one\r\n550 5.1.1 two\r\n"u8);
        reply.FirstLine.ShouldBe("one");
        reply.Text.ShouldBe("one 5.1.1 two");
    }

    [Theory]
    [InlineData("250 5.1.1 class disagrees")]
    [InlineData("550 5.1 two parts")]
    [InlineData("550 5.1.1.1 four parts")]
    [InlineData("550 5.1000.1 four digits")]
    [InlineData("550 3.1.1 no such class")]
    [InlineData("550 10.0.0.1 an address")]
    public void What_is_no_enhanced_code_is_text(string raw) => SmtpReply.Parse(Encoding.UTF8.GetBytes(raw)).Enhanced.ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("25")]
    [InlineData("2500 four digits")]
    [InlineData("199 none")]
    [InlineData("999 none")]
    [InlineData("hello")]
    public void What_has_no_intelligible_code_has_code_0(string raw) => SmtpReply.Parse(Encoding.UTF8.GetBytes(raw)).Code.ShouldBe(0);

    [Fact]
    public void A_megabyte_without_line_end_is_cut() =>
        SmtpReply.Parse(Encoding.ASCII.GetBytes("550 " + new string('x', 1 << 20))).Text.ShouldBe(new string('x', 512));

    [Fact]
    public void Nul_control_characters_and_bytes_that_are_no_utf8_are_escaped() =>
        SmtpReply.Parse([.. "550 a"u8, 0, 0x1B, 0xFF, .. "é\\"u8]).Text.ShouldBe("a\\x00\\x1B\\xFFé\\x5C");

    [Fact]
    public void Any_bytes_make_a_reply_fit_to_store() => Gen.Byte.Array[0, 2000].Sample(raw =>
    {
        var reply = SmtpReply.Parse(raw);
        return reply.Text.Length <= 4 * SmtpReply.MaxTextBytes && !reply.Text.Any(char.IsControl);
    });
}
