export type Member = {
  id: string;
  name: string;
  birth_date: string;
  card_number: string;
  plan_name: string;
  contract_started_on: string;
};
