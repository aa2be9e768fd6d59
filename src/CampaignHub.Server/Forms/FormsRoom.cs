using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Forms;

/// <summary>Subscribe forms: what strangers ask for, and how they confirm it.</summary>
internal static class FormsRoom
{
    public static IServiceCollection AddForms(this IServiceCollection services, Settings settings)
    {
        if (settings.RunsWorkers)
            services.AddSingleton<ConfirmationMail>().AddHostedService<ConfirmationSender>().AddHostedService<FormCleanup>();
        return services;
    }
}
