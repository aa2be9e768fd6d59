using CampaignHub.Server.Demo.Printing;

namespace CampaignHub.Server.Tests.Demo.Printing;

public sealed class PlainPrinterTests : IDisposable
{
    private readonly StringWriter written = new() { NewLine = "\n" };

    public void Dispose() => written.Dispose();

    [Fact]
    public void A_table_is_aligned_and_numbers_stand_to_the_right()
    {
        new PlainPrinter(written).Table(["zone", ">people"], [["Asia/Tokyo", "9"], ["Etc/UTC", "1,234"]]);
        written.ToString().ShouldBe("""
              zone        people
              Asia/Tokyo       9
              Etc/UTC      1,234

            """);
    }

    [Fact]
    public void The_longest_bar_takes_the_whole_width_and_nothing_takes_none()
    {
        new PlainPrinter(written).Bars("Hours", [new("09:00", 0, "0"), new("10:00", 8, "8")]);
        written.ToString().ShouldBe($"Hours\n  09:00   0\n  10:00  {new string('#', 40)} 8\n");
    }

    [Fact]
    public async Task Progress_is_a_line_for_each_new_thing()
    {
        await new PlainPrinter(written).ShowProgressAsync("mails", 2, progress =>
        {
            progress.Report(new Stride(1, "one"));
            progress.Report(new Stride(1, "one"));
            progress.Report(new Stride(2, "two"));
            return Task.CompletedTask;
        });
        written.ToString().ShouldBe("  one\n  two\n");
    }
}
