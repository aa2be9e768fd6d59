using CampaignHub.Core.Scheduling;

namespace CampaignHub.Server.Platform.Time;

/// <summary>The file of time zone data that the settings name.</summary>
internal static class TimeZoneFile
{
    /// <summary>Takes its data instead of what the program brings; without a path nothing is changed.</summary>
    public static void Use(string? path)
    {
        if (path is null)
            return;
        if (!File.Exists(path))
            throw new StartupException($"CampaignHub__TimeZoneData is '{path}': there is no such file.");
        using var file = File.OpenRead(path);
        TimeZoneData.Use(TimeZoneData.Read(file)
            ?? throw new StartupException($"CampaignHub__TimeZoneData is '{path}': it is no .nzd file of NodaTime's, or lacks zones that this release knows."));
    }
}
