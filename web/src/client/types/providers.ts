export type Provider = { id: string; name: string; city: string; state: string; cnpj: string | null };

export type NewClerk = { name: string; email: string };
