using CampaignHub.Server;
using CampaignHub.Server.Demo;
using CampaignHub.Server.Platform;

// The verbs of the executable; ./hub hands over to them.
try
{
    return args.FirstOrDefault() switch
    {
        "up" => await Verbs.UpAsync(args[1..]),
        "demo" => await DemoRun.RunAsync(args[1..]),
        "migrate" => await Verbs.MigrateAsync(args[1..]),
        "doctor" => await Verbs.DoctorAsync(args[1..]),
        "relearn" => await Verbs.RelearnAsync(args[1..]),
        "reclassify" => await Verbs.ReclassifyAsync(args[1..]),
        "backup" => await Verbs.BackupAsync(args[1..]),
        "restore" => await Verbs.RestoreAsync(args[1..]),
        "verify-rollups" => await Verbs.VerifyRollupsAsync(args[1..]),
        "openapi" => Verbs.PrintOpenApi(),
        var other => Verbs.Refuse(other),
    };
}
catch (StartupException refusal)
{
    Console.Error.WriteLine(refusal.Message);
    return 1;
}
