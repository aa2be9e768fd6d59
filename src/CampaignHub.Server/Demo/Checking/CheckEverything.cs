using CampaignHub.Server.Demo.Printing;

namespace CampaignHub.Server.Demo.Checking;

/// <summary>The demo checks itself, and says what differs.</summary>
internal static class CheckEverything
{
    /// <summary>Whether all is as it has to be.</summary>
    public static bool Run(IDemoPrinter printer, Outcome outcome)
    {
        printer.Step("Checking");
        var checks = DeliveryChecks.Of(outcome).Concat(TrackingChecks.Of(outcome)).Concat(ConsentChecks.Of(outcome)).Concat(DoorChecks.Of(outcome)).ToList();
        foreach (var check in checks)
            printer.Say(check.Holds ? $"  ok      {check.Name}: {check.Actual}" : $"  FAILED  {check.Name}: expected {check.Expected}, was {check.Actual}");
        var failed = checks.Count(check => !check.Holds);
        printer.Say(failed == 0 ? $"All {checks.Count} checks hold." : $"{failed} of {checks.Count} checks failed.");
        return failed == 0;
    }
}
