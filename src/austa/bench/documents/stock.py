"""What the papers speak of: names, places, examinations, medicines, results, materials. All people are invented."""

from dataclasses import dataclass

# fmt: off
WOMEN = (
    "Ana Beatriz", "Aparecida", "Bruna", "Camila", "Célia Regina", "Cláudia", "Conceição", "Edilene", "Eliane",
    "Fátima",
    "Geovana", "Helena", "Isadora", "Ivone", "Jéssica", "Josefa", "Juçara", "Larissa", "Lúcia", "Maria das Dores",
    "Maria Eduarda", "Marlene", "Neusa", "Priscila", "Raimunda", "Rosângela", "Simone", "Terezinha", "Vitória",
    "Yasmin",
)
MEN = (
    "Adriano", "Antônio Carlos", "Benedito", "Caio", "Cícero", "Davi", "Edmilson", "Evandro", "Fabrício", "Francisco",
    "Gérson", "Heitor", "Inácio", "Jair", "João Vítor", "José Raimundo", "Júlio César", "Leandro", "Luís Otávio",
    "Manoel",
    "Márcio", "Nélson", "Osvaldo", "Paulo Sérgio", "Raí", "Sebastião", "Thiago", "Valdemar", "Wesley", "Zacarias",
)
SURNAMES = (
    "Alencar", "Almeida", "Araújo", "Azevedo", "Barbosa", "Brandão", "Cavalcanti", "Conceição", "Damasceno", "Esteves",
    "Falcão", "Figueiredo", "Fontenele", "Gonçalves", "Guimarães", "Iório", "Junqueira", "Kowalski", "Lacerda",
    "Magalhães",
    "Menezes", "Mourão", "Nakamura", "Nóbrega", "Oliveira", "Paixão", "Peçanha", "Queiroz", "Rocha", "Sant'Anna",
    "Schneider", "Siqueira", "Teixeira", "Uchôa", "Vasconcelos", "Xavier", "Zanetti", "dos Santos", "da Silva",
    "de Souza",
)
INSURERS = (
    "Vida Plena Saúde", "Serra Azul Assistência Médica", "Coopersaúde Vale", "Aurora Planos de Saúde",
    "Norte Sul Saúde",
    "Cooperativa Médica do Planalto", "Bem Viver Saúde", "Santa Luzia Saúde",
)
PLANS = (
    "Essencial Enfermaria", "Master Apartamento", "Empresarial Nacional QC", "Regional Básico QP", "Prata Adesão",
    "Executivo Nacional", "Participativo Estadual",
)
HOUSES = (
    "Clínica Jatobá", "Hospital Nossa Senhora da Penha", "Instituto Paraíso de Medicina", "Hospital São Camilo do Vale",
    "Centro Médico Ipê", "Laboratório Pasteur do Sul", "Diagnósticos Aroeira", "Santa Casa de Piraporinha",
    "Hospital Dia Mantiqueira", "Policlínica Buriti", "Unidade Médica Tamoios", "Hospital Universitário da Serra",
)
STREETS = (
    "Rua XV de Novembro", "Av. Getúlio Vargas", "Rua das Acácias", "Av. Beira-Rio", "Praça da Matriz",
    "Rua Dr. Flores",
)
CITIES = (
    ("Campinas", "SP"), ("Uberlândia", "MG"), ("Londrina", "PR"), ("Feira de Santana", "BA"), ("Caxias do Sul", "RS"),
    ("Niterói", "RJ"), ("Caruaru", "PE"), ("Joinville", "SC"), ("Anápolis", "GO"), ("Sobral", "CE"),
    ("Vila Velha", "ES"),
)
SPECIALTIES = {
    "knee": "Ortopedia e Traumatologia", "spine": "Neurocirurgia", "heart": "Cardiologia", "belly": "Gastroenterologia",
    "eyes": "Oftalmologia", "breast": "Mastologia", "blood": "Clínica Médica", "chest": "Pneumologia",
    "mind": "Psiquiatria",
}
# fmt: on


@dataclass(frozen=True)
class Exam:
    """A procedure of TUSS table 22, in the table's words and in a physician's."""

    tuss: str
    official: str
    spoken: str
    sided: bool = False


@dataclass(frozen=True)
class Theme:
    """What goes together on one paper."""

    name: str
    exams: tuple[Exam, ...]
    cids: tuple[tuple[str, str], ...]
    indications: tuple[str, ...]


@dataclass(frozen=True)
class Medicine:
    """A medicine as a prescription prints it."""

    name: str
    dose: str
    posology: str
    amount: str


@dataclass(frozen=True)
class Analyte:
    """A result with its unit, reference as printed, usual range and decimals."""

    name: str
    unit: str
    reference: str
    low: float
    high: float
    decimals: int


@dataclass(frozen=True)
class Material:
    """An implant or device of a quote."""

    name: str
    price: float
    most: int


THEMES = (
    Theme(
        "knee",
        (
            Exam("41101316", "RM - Articular (por articulação)", "Ressonância magnética do joelho", sided=True),
            Exam("30733057", "Meniscectomia - um menisco", "Artroscopia de joelho com meniscectomia", sided=True),
            Exam("50000160", "Atendimento fisioterapêutico ambulatorial", "Fisioterapia motora"),
        ),
        (
            ("M23.2", "Transtorno do menisco"),
            ("S83.2", "Ruptura do menisco"),
            ("M17.1", "Outras gonartroses primárias"),
        ),
        (
            "Dor em joelho há 3 meses após entorse, bloqueio articular, Lachman negativo",
            "Gonalgia com derrame articular",
        ),
    ),
    Theme(
        "spine",
        (
            Exam("41101227", "RM - Coluna cervical ou dorsal ou lombar", "RM de coluna lombar"),
            Exam("50000160", "Atendimento fisioterapêutico ambulatorial", "Fisioterapia - 10 sessões"),
        ),
        (("M51.1", "Transtornos de discos lombares com radiculopatia"), ("M54.5", "Dor lombar baixa")),
        ("Lombociatalgia há 6 semanas, refratária a analgésicos, parestesia em dermátomo L5", "Lombalgia crônica"),
    ),
    Theme(
        "heart",
        (
            Exam("40901106", "Ecodopplercardiograma transtorácico", "Ecocardiograma transtorácico"),
            Exam("20102020", "Holter de 24 horas - 3 canais - digital", "Holter 24h"),
            Exam("40101037", "Teste ergométrico computadorizado", "Teste ergométrico"),
            Exam("40101010", "ECG convencional de até 12 derivações", "Eletrocardiograma"),
        ),
        (
            ("I10", "Hipertensão essencial (primária)"),
            ("I50.0", "Insuficiência cardíaca congestiva"),
            ("R00.2", "Palpitações"),
        ),
        ("Palpitações e dispneia aos médios esforços, HAS em tratamento", "Controle de cardiopatia, NYHA II"),
    ),
    Theme(
        "belly",
        (
            Exam("40201120", "Endoscopia digestiva alta", "EDA com pesquisa de H. pylori"),
            Exam("40201082", "Colonoscopia (inclui a retossigmoidoscopia)", "Colonoscopia"),
            Exam("40901122", "US - Abdome total", "USG de abdome total"),
            Exam("31005470", "Colecistectomia com colangiografia por videolaparoscopia", "Colecistectomia por vídeo"),
        ),
        (("K80.2", "Calculose da vesícula biliar"), ("K21.0", "Refluxo com esofagite"), ("R10.4", "Dor abdominal")),
        (
            "Dor em hipocôndrio direito pós-prandial, colelitíase à ultrassonografia",
            "Epigastralgia e pirose há 2 meses",
        ),
    ),
    Theme(
        "eyes",
        (
            Exam(
                "30306027", "Facectomia com lente intra-ocular com facoemulsificação", "Facectomia com LIO", sided=True
            ),
        ),
        (("H25.1", "Catarata senil nuclear"),),
        ("Catarata nuclear, acuidade visual 20/80, dificuldade para leitura", "Baixa acuidade visual progressiva"),
    ),
    Theme(
        "breast",
        (
            Exam("40808041", "Mamografia digital bilateral", "Mamografia digital bilateral"),
            Exam("40901114", "US - Mamas", "Ultrassonografia de mamas"),
        ),
        (("N63", "Nódulo mamário não especificado"), ("Z12.3", "Rastreamento de neoplasia de mama")),
        ("Nódulo palpável em quadrante superior externo", "Rastreamento anual, BI-RADS 2 em exame anterior"),
    ),
    Theme(
        "blood",
        (
            Exam("40304361", "Hemograma com contagem de plaquetas", "Hemograma completo"),
            Exam("40302040", "Glicose - pesquisa e/ou dosagem", "Glicemia de jejum"),
            Exam("40301630", "Creatinina - pesquisa e/ou dosagem", "Creatinina"),
            Exam("40316521", "Tireoestimulante, hormônio (TSH)", "TSH"),
            Exam("40301605", "Colesterol total - pesquisa e/ou dosagem", "Colesterol total e frações"),
            Exam("40302733", "Hemoglobina glicada (Fração A1c)", "HbA1c"),
            Exam("40311210", "Rotina de urina", "EAS / Urina tipo I"),
        ),
        (
            ("E11.9", "Diabetes mellitus tipo 2 sem complicações"),
            ("E03.9", "Hipotireoidismo"),
            ("D50.9", "Anemia ferropriva"),
        ),
        ("Controle metabólico semestral", "Check-up, HAS e DM2", "Astenia e perda de peso a esclarecer"),
    ),
    Theme(
        "chest",
        (
            Exam("41001079", "TC - Tórax", "Tomografia de tórax sem contraste"),
            Exam("40805026", "RX - Tórax - 2 incidências", "Raio-X de tórax PA e perfil"),
        ),
        (("J18.9", "Pneumonia não especificada"), ("R05", "Tosse"), ("J44.9", "Doença pulmonar obstrutiva crônica")),
        ("Tosse produtiva há 4 semanas, ex-tabagista 30 maços-ano", "Controle de nódulo pulmonar de 6 mm"),
    ),
)

MEDICINES = (
    Medicine("Losartana potássica", "50 mg", "Tomar 1 comprimido pela manhã", "30 comprimidos"),
    Medicine("Metformina XR", "500 mg", "Tomar 2 comprimidos após o jantar", "60 comprimidos"),
    Medicine(
        "Amoxicilina + clavulanato", "875 mg + 125 mg", "Tomar 1 comprimido de 12/12 horas por 7 dias", "14 comprimidos"
    ),
    Medicine("Dipirona sódica", "1 g", "Tomar 1 comprimido de 6/6 horas se dor ou febre", "10 comprimidos"),
    Medicine("Omeprazol", "20 mg", "Tomar 1 cápsula em jejum por 8 semanas", "56 cápsulas"),
    Medicine("Levotiroxina sódica", "88 mcg", "Tomar 1 comprimido em jejum, 30 min antes do café", "30 comprimidos"),
    Medicine("Sertralina", "50 mg", "Tomar 1 comprimido à noite", "30 comprimidos"),
    Medicine("Prednisolona", "3 mg/mL", "Tomar 10 mL pela manhã por 5 dias", "1 frasco"),
    Medicine("Atorvastatina cálcica", "40 mg", "Tomar 1 comprimido à noite", "30 comprimidos"),
    Medicine("Cetoprofeno", "100 mg", "Tomar 1 comprimido de 12/12 horas por 5 dias", "10 comprimidos"),
    Medicine("Insulina glargina", "100 UI/mL", "Aplicar 18 UI via SC às 22 horas", "2 canetas"),
    Medicine("Rivaroxabana", "20 mg", "Tomar 1 comprimido junto ao almoço", "28 comprimidos"),
)

ANALYTES = (
    Analyte("Hemoglobina", "g/dL", "12,0 a 15,5", 9.5, 16.5, 1),
    Analyte("Hematócrito", "%", "36,0 a 46,0", 29, 50, 1),
    Analyte("Leucócitos", "/mm³", "4.000 a 10.000", 3200, 14500, 0),
    Analyte("Plaquetas", "/mm³", "150.000 a 450.000", 98000, 480000, 0),
    Analyte("Glicose", "mg/dL", "70 a 99", 68, 190, 0),
    Analyte("Creatinina", "mg/dL", "0,60 a 1,10", 0.5, 2.4, 2),
    Analyte("Ureia", "mg/dL", "15 a 40", 14, 72, 0),
    Analyte("Colesterol total", "mg/dL", "Inferior a 190", 120, 290, 0),
    Analyte("HDL-colesterol", "mg/dL", "Superior a 40", 28, 80, 0),
    Analyte("Triglicerídeos", "mg/dL", "Inferior a 150", 60, 380, 0),
    Analyte("TSH", "µUI/mL", "0,40 a 4,50", 0.05, 9.5, 2),
    Analyte("T4 livre", "ng/dL", "0,70 a 1,80", 0.5, 2.2, 2),
    Analyte("Potássio", "mEq/L", "3,5 a 5,1", 3.0, 5.9, 1),
    Analyte("Sódio", "mEq/L", "136 a 145", 128, 148, 0),
    Analyte("TGO (AST)", "U/L", "Até 40", 12, 110, 0),
    Analyte("TGP (ALT)", "U/L", "Até 41", 9, 130, 0),
    Analyte("Hemoglobina glicada", "%", "Inferior a 5,7", 4.8, 10.9, 1),
    Analyte("Ferritina", "ng/mL", "15,0 a 150,0", 4, 410, 1),
)

MATERIALS = (
    Material("Parafuso de interferência em titânio 9 x 25 mm", 1480.00, 2),
    Material("Âncora bioabsorvível 5,5 mm com fios", 1935.50, 4),
    Material("Lâmina de shaver 4,2 mm", 690.00, 1),
    Material("Ponteira de radiofrequência 90 graus", 1250.75, 1),
    Material("Placa bloqueada de titânio 6 furos", 3870.00, 1),
    Material("Parafuso pedicular poliaxial 6,5 x 45 mm", 2140.00, 6),
    Material("Haste de titânio 5,5 x 80 mm", 980.00, 2),
    Material("Lente intraocular dobrável asférica", 1120.40, 1),
    Material("Kit de artroscopia descartável", 845.90, 1),
    Material("Enxerto ósseo sintético 5 cc", 2310.00, 2),
)

FINDINGS = (
    ("knee", "Rotura horizontal do corno posterior do menisco medial. Derrame articular leve."),
    ("spine", "Protrusão discal posterior em L4-L5 com compressão da face ventral do saco dural."),
    ("heart", "Hipertrofia concêntrica do ventrículo esquerdo. Fração de ejeção de 62 %."),
    ("belly", "Colelitíase. Vesícula biliar de paredes finas, com cálculos de até 12 mm."),
    ("eyes", "Opacidade nuclear do cristalino, grau 3."),
    ("breast", "Achados benignos. Categoria BI-RADS 2."),
    ("blood", "Esteatose hepática grau I. Demais órgãos sem alterações."),
    ("chest", "Nódulo sólido de 6 mm no lobo superior direito. Sem derrame pleural."),
)
