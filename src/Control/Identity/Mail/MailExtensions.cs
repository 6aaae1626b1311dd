using Platform.Hosting.Settings;

namespace Platform.Control.Identity.Mail;

internal static class MailExtensions
{
    /// <summary>Mail to users, off the request.</summary>
    public static void AddMail(this IHostApplicationBuilder builder)
    {
        var settings = builder.AddSettings<MailSettings>("Email");
        var services = builder.Services;
        services.AddSingleton<MailMeter>();
        services.AddSingleton<MailQueue>();
        services.AddScoped<MailComposer>();
        services.AddSingleton<MailFolder>();
        services.AddSingleton<IMailTransport>(provider => settings switch
        {
            { Host: { } host } => new SmtpTransport(host, settings),
            { Folder: { } folder } => new FolderTransport(folder, provider.GetRequiredService<TimeProvider>()),
            _ => new NoTransport(),
        });
        services.AddHostedService<MailSender>();
    }
}
