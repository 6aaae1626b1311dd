using Platform.Local;
using Platform.Local.Processes;

namespace Platform.Bench.Gateway.Proxies;

/// <summary>What others make. Each passes everything on to the null upstream, keeps its connections, and logs nothing.</summary>
internal static class Peers
{
    public const string Yarp = "yarp";
    public const string TunedYarp = "yarp-tuned";

    private const string PortkeyPackage = "@portkey-ai/gateway@1.15.2";

    public static async Task<Proxy> YarpAsync(Stage stage)
    {
        var port = stage.Port(Yarp);
        return await stage.StartAsync(Yarp, port, Stage.Self(BenchOptions.Yarp, $"{port}", $"http://127.0.0.1:{stage.UpstreamPort}"));
    }

    /// <summary>The same with the runtime's and the sockets' settings that the agent has: what of a difference is settings, and what is work.</summary>
    public static async Task<Proxy> TunedYarpAsync(Stage stage)
    {
        var port = stage.Port(TunedYarp);
        return await stage.StartAsync(
            TunedYarp, port, Stage.Self(BenchOptions.Yarp, $"{port}", $"http://127.0.0.1:{stage.UpstreamPort}", "tuned"),
            new() { ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0" });
    }

    public static async Task<Proxy> NginxAsync(Stage stage)
    {
        var (port, folder) = (stage.Port("nginx"), stage.Directory("nginx"));
        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, $$"""
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            worker_processes auto;
            worker_rlimit_nofile 8192;
            pid {{folder}}/pid;
            error_log stderr crit;
            events { worker_connections 4096; }
            http {
              access_log off;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
              keepalive_requests 1000000000;
              upstream engine { server 127.0.0.1:{{stage.UpstreamPort}}; keepalive 256; keepalive_requests 1000000000; }
              server {
                listen 127.0.0.1:{{port}};
                location / { proxy_pass http://engine; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }
              }
            }
            """);
        return await stage.StartAsync("nginx", port, ["/usr/sbin/nginx", "-c", file, "-g", "daemon off;"]);
    }

    public static async Task<Proxy> HaProxyAsync(Stage stage)
    {
        var (port, folder) = (stage.Port("haproxy"), stage.Directory("haproxy"));
        var file = Path.Combine(folder, "haproxy.cfg");
        await File.WriteAllTextAsync(file, $"""
            global
              maxconn 8192
            defaults
              mode http
              timeout connect 5s
              timeout client 120s
              timeout server 120s
              http-reuse always
              option http-no-delay
            frontend callers
              bind 127.0.0.1:{port}
              default_backend engine
            backend engine
              server one 127.0.0.1:{stage.UpstreamPort}

            """);
        return await stage.StartAsync("haproxy", port, ["/usr/sbin/haproxy", "-db", "-f", file]);
    }

    /// <summary>Its headers say which dialect the engine speaks, and where it is.</summary>
    public static async Task<Proxy> PortkeyAsync(Stage stage)
    {
        var folder = Path.Combine(stage.Platform.Home.Repository, "artifacts/bench/portkey");
        var program = Path.Combine(folder, "node_modules/@portkey-ai/gateway/build/start-server.js");
        if (!File.Exists(program))
        {
            Directory.CreateDirectory(folder);
            Console.WriteLine($"Installing {PortkeyPackage} with npm ...");
            await Launcher.RunAsync("npm install", ["npm", "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", PortkeyPackage]);
        }
        var port = stage.Port("portkey");
        return await stage.StartAsync(
            "portkey", port, ["node", program, $"--port={port}", "--headless"], new() { ["NODE_ENV"] = "production" }, null,
            "x-portkey-provider: openai", $"x-portkey-custom-host: http://127.0.0.1:{stage.UpstreamPort}/v1", "Authorization: Bearer sk-none");
    }

    /// <summary>Null, and its reason in <paramref name="gaps"/>, where it is not to be had here.</summary>
    public static async Task<Proxy?> TryAsync(string name, Func<Task<Proxy>> start, List<string> gaps)
    {
        try
        {
            return await start();
        }
        catch (Exception e) when (e is LocalException or IOException or System.ComponentModel.Win32Exception)
        {
            gaps.Add($"{name}: {e.Message.Split('\n')[0]}");
            return null;
        }
    }
}
