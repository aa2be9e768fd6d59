using Spectre.Console;

namespace CampaignHub.Server.Demo.Printing;

/// <summary>Chooses how to print.</summary>
internal static class Printers
{
    public static IDemoPrinter ForConsole()
    {
        if (Console.IsOutputRedirected)
            return new PlainPrinter(Console.Out);
        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        return console.Profile.Capabilities.Ansi ? new TerminalPrinter(console) : new PlainPrinter(Console.Out);
    }
}
